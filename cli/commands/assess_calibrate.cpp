// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/output/result.hpp"
#include "cli/output/style.hpp"
#include "model/text.hpp"
#include "readiness/calibration.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace deployctl::cli::commands {

namespace {

using readiness::AssessedRollout;
using readiness::CalibrationRow;
using readiness::EndCounts;

constexpr int most_rollouts = 1000;

/// Nothing where no gate of type `readiness` was asked before it.
std::optional<std::vector<std::string>> failed_checks(const std::vector<Event>& events) {
    std::optional<std::vector<std::string>> checks;
    for (const auto& event : events) {
        const auto ruled = read_gate_evaluated(event);
        if (ruled && ruled->verdict.evidence.has("/failed_rules")) {
            checks = read_lines(ruled->verdict.evidence.at("/failed_rules"));
        }
    }
    return checks;
}

bool has_an_end(RolloutState state) {
    return state == RolloutState::promoted || state == RolloutState::rolled_back ||
           state == RolloutState::needs_human;
}

Task<std::vector<AssessedRollout>> read_rollouts(Store* store, RolloutFilter filter) {
    std::vector<AssessedRollout> assessed;
    const auto rollouts = co_await store->list(filter);
    for (const auto& rollout : rollouts) {
        if (!has_an_end(rollout.state)) {
            continue;
        }
        const auto events = co_await store->events(rollout.id, 0);
        if (auto checks = failed_checks(events)) {
            assessed.push_back({std::move(*checks), rollout.state != RolloutState::promoted});
        }
    }
    co_return assessed;
}

std::string counts_text(const EndCounts& counts) {
    return std::to_string(counts.went_wrong) + " of " + std::to_string(counts.rollouts);
}

std::string draw_rows(
    std::size_t rollouts, const std::vector<CalibrationRow>& rows, const Style& style
) {
    const auto head = count_of(static_cast<std::int64_t>(rollouts), "rollout") +
                      " with a readiness verdict before it";
    if (rollouts < readiness::least_rollouts) {
        return head + ": not enough data, " + std::to_string(readiness::least_rollouts) +
               " are needed to say anything\n";
    }
    std::vector<std::vector<std::string>> cells = {{"CHECK", "WRONG WITH IT", "WRONG WITHOUT IT"}};
    for (const auto& row : rows) {
        cells.push_back({printable(row.check), counts_text(row.with), counts_text(row.without)});
    }
    return head + "\n" + table(style, cells, Folding::none);
}

Value counts_value(const EndCounts& counts) {
    return Value::map({{"rollouts", counts.rollouts}, {"went_wrong", counts.went_wrong}});
}

Value rows_value(const std::vector<CalibrationRow>& rows) {
    auto list = Value::list();
    for (const auto& row : rows) {
        list.make_array().push_back(Value::map({
            {"check", row.check},
            {"with", counts_value(row.with)},
            {"without", counts_value(row.without)},
        }));
    }
    return list;
}

ExitCode run(Session& session) {
    RolloutFilter filter;
    filter.app = session.globals.place.app;
    filter.environment = session.globals.place.environment;
    filter.at_most = most_rollouts;
    const auto rollouts = wait_for(session.parts, read_rollouts(&session.parts.journal(), filter));
    const auto rows = readiness::calibrate(rollouts);
    Result result;
    result.value = Value::map({
        {"rollouts", std::ssize(rollouts)},
        {"enough", std::ssize(rollouts) >= readiness::least_rollouts},
        {"items", rows_value(rows)},
    });
    for (const auto& row : rows) {
        result.names.push_back(row.check);
    }
    result.text = [&](const Style& style) { return draw_rows(rollouts.size(), rows, style); };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run assess_calibrate(Form& form) {
    form.describe(
        "Of the rollouts in the journal that a gate of type `readiness` was asked before: how many "
        "went wrong where a check had failed, and how many of the others. Rollouts of one app, or "
        "one environment, with --app and -e."
    );
    form.add_example(
        "deployctl assess calibrate -e production", "does the score predict anything?"
    );
    return [](Session& session) { return run(session); };
}

}  // namespace deployctl::cli::commands
