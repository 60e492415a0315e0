// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/output/words.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    bool active = false;
    std::optional<Duration> since;
    std::optional<RolloutState> result;
    std::optional<int> limit;
};

using Rows = std::vector<std::vector<std::string>>;

std::string version_cell(const RolloutRecord& rollout, const Style& style) {
    return printable(rollout.previous_version) + " " + arrow(style) + " " +
           printable(rollout.next_version);
}

std::string result_cell(const RolloutRecord& rollout, const Style& style) {
    return sign(style, sign_of(rollout.state)) + " " + words_of(rollout.state);
}

/// Where it is, for the many; where exactly, for `-o wide`.
std::vector<std::string> row_of(const RolloutRecord& rollout, WallTime now, const Style& style) {
    const auto& target = rollout.target;
    return {
        std::to_string(rollout.number),
        to_minute_text(rollout.started),
        printable(target.app),
        printable(target.environment.empty() ? target.kube_namespace : target.environment),
        version_cell(rollout, style),
        to_text(rollout.strategy),
        result_cell(rollout, style),
        took_text(rollout, now),
        printable(rollout.initiator),
    };
}

Rows rows_of(
    const std::vector<RolloutRecord>& rollouts, const Session& session, const Style& style
) {
    const auto now = session.parts.clock().now();
    const bool wide = is_wide(session);
    Rows rows{{"ID", "STARTED", "APP", "ENV", "VERSION", "STRATEGY", "RESULT", "TOOK", "BY"}};
    if (wide) {
        rows[0].insert(rows[0].end(), {"NAMESPACE", "CONTEXT", "DIGEST", "UUID"});
    }
    rows[0].emplace_back("CAUSE");
    for (const auto& rollout : rollouts) {
        auto row = row_of(rollout, now, style);
        if (wide) {
            row.insert(
                row.end(),
                {printable(rollout.target.kube_namespace),
                 printable(rollout.context),
                 rollout.digest.substr(0, 19),
                 rollout.id}
            );
        }
        row.push_back(printable(rollout.end_reason));
        rows.push_back(std::move(row));
    }
    return rows;
}

Result result_of(const std::vector<RolloutRecord>& rollouts, const Session& session) {
    Result result;
    Value::Array items;
    for (const auto& rollout : rollouts) {
        items.push_back(to_value(rollout));
        result.names.push_back(std::to_string(rollout.number));
    }
    result.value = Value::map({{"items", std::move(items)}});
    result.text = [&rollouts, &session](const Style& style) {
        if (rollouts.empty()) {
            return std::string("no rollouts\n");
        }
        const auto folding = session.terminal.ends.out_is_tty && !is_wide(session)
                                 ? Folding::last_column
                                 : Folding::none;
        return table(style, rows_of(rollouts, session, style), folding);
    };
    return result;
}

ExitCode run(const Options& options, Session& session) {
    auto filter = filter_of(session);
    filter.which = options.active ? RolloutFilter::Which::active : RolloutFilter::Which::all;
    filter.at_most = options.limit.value_or(filter.at_most);
    if (options.since) {
        filter.since = session.parts.clock().now() - *options.since;
    }
    auto rollouts = wait_for(session.parts, session.parts.journal().list(filter));
    std::erase_if(rollouts, [&options](const RolloutRecord& rollout) {
        return options.result && rollout.state != *options.result;
    });
    print(session, result_of(rollouts, session));
    return ExitCode::done;
}

void declare_limits(Form& form, Options& options) {
    form.add_option(
        "--since", "DURATION", "begun within the last 12h, 30d, ...", into(options.since)
    );
    form.add_option("--limit", "N", "at most so many (default: 50)", into(options.limit));
}

}  // namespace

Run rollout_list(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_flag("--active", options->active, "only those that have not ended");
    declare_limits(form, *options);
    form.add_example("deployctl rollout list --active", "what is going on");
    form.add_example("deployctl rollout list --limit 5 -o name", "the last five, for scripts");
    return [options](Session& session) { return run(*options, session); };
}

Run history(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    declare_limits(form, *options);
    std::vector<std::pair<std::string, RolloutState>> states;
    for (const auto state : all_rollout_states()) {
        states.emplace_back(to_text(state), state);
    }
    form.add_option(
        "--result",
        "STATE",
        "only those that ended, or stand, so",
        one_of<std::optional<RolloutState>, RolloutState>(options->result, std::move(states))
    );
    form.add_example("deployctl history -e production --since 30d", "a month");
    form.add_example("deployctl history --result rolled_back", "what went wrong");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
