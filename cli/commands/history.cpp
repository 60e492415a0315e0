// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/delivery.hpp"
#include "cli/finding.hpp"
#include "cli/operation_view.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/output/words.hpp"
#include "engine/rollout.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    bool active = false;
    std::optional<Duration> since;
    std::optional<RolloutState> result;
    std::optional<int> limit;
    std::string kind;
};

using Rows = std::vector<std::vector<std::string>>;

std::string version_cell(const RolloutRecord& rollout, const Style& style) {
    return printable(rollout.previous_version) + " " + arrow(style) + " " +
           printable(rollout.next_version);
}

/// What is listed, and what is told about it.
struct Listing {
    std::vector<RolloutRecord> rollouts;
    std::vector<RolloutRecord> last_good = {};
    std::optional<DeliveryFigures> figures = std::nullopt;
    std::string span = {};  ///< "Last 30 days", "Since 2026-11-24"

    bool is_last_good(const RolloutRecord& rollout) const {
        return std::ranges::any_of(last_good, [&rollout](const RolloutRecord& good) {
            return good.id == rollout.id;
        });
    }
};

std::string result_cell(const Listing& listing, const RolloutRecord& rollout, const Style& style) {
    return sign(style, sign_of(rollout.state)) + " " + words_of(rollout.state) +
           (listing.is_last_good(rollout) ? ", last good" : "");
}

/// Where it is, for the many; where exactly, for `-o wide`.
std::vector<std::string> row_of(
    const Listing& listing, const RolloutRecord& rollout, WallTime now, const Style& style
) {
    const auto& target = rollout.target;
    return {
        std::to_string(rollout.number),
        to_minute_text(rollout.started),
        printable(target.app),
        printable(target.environment.empty() ? target.kube_namespace : target.environment),
        version_cell(rollout, style),
        to_text(rollout.strategy),
        result_cell(listing, rollout, style),
        took_text(rollout, now),
        printable(rollout.initiator),
    };
}

Rows rows_of(const Listing& listing, const Session& session, const Style& style) {
    const auto now = session.parts.clock().now();
    const bool wide = is_wide(session);
    Rows rows{{"ID", "STARTED", "APP", "ENV", "VERSION", "STRATEGY", "RESULT", "TOOK", "BY"}};
    if (wide) {
        rows[0].insert(rows[0].end(), {"NAMESPACE", "CONTEXT", "DIGEST", "UUID"});
    }
    rows[0].emplace_back("CAUSE");
    for (const auto& rollout : listing.rollouts) {
        auto row = row_of(listing, rollout, now, style);
        if (wide) {
            row.insert(
                row.end(),
                {printable(rollout.target.kube_namespace),
                 printable(rollout.context),
                 rollout.digest.substr(0, 19),
                 rollout.id}
            );
        }
        row.push_back(rollout.state == RolloutState::promoted ? "" : printable(rollout.end_reason));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string draw(const Listing& listing, const Session& session, const Style& style) {
    if (listing.rollouts.empty()) {
        return "no rollouts\n";
    }
    const auto folding = session.terminal.ends.out_is_tty && !is_wide(session)
                             ? Folding::last_column
                             : Folding::none;
    auto text = table(style, rows_of(listing, session, style), folding);
    text += last_good_line(listing.last_good, style);
    return listing.figures ? text + listing.span + ": " + to_text(*listing.figures) + "\n" : text;
}

Result result_of(const Listing& listing, const Session& session) {
    Result result;
    Value::Array items;
    for (const auto& rollout : listing.rollouts) {
        items.push_back(to_value(rollout));
        result.names.push_back(std::to_string(rollout.number));
    }
    result.value = Value::map({{"items", std::move(items)}});
    if (listing.figures) {
        result.value.set("/last_good", last_good_value(listing.last_good));
        result.value.set("/delivery", to_value(*listing.figures));
    }
    result.text = [&listing, &session](const Style& style) {
        return draw(listing, session, style);
    };
    return result;
}

RolloutFilter filter_for(const Options& options, Session& session) {
    auto filter = filter_of(session);
    filter.which = options.active ? RolloutFilter::Which::active : RolloutFilter::Which::all;
    filter.at_most = options.limit.value_or(filter.at_most);
    if (options.since) {
        filter.since = session.parts.clock().now() - *options.since;
    }
    return filter;
}

std::vector<RolloutRecord> read_list(Session& session, const RolloutFilter& filter) {
    return wait_for(session.parts, session.parts.journal().list(filter));
}

ExitCode list(const Options& options, Session& session) {
    const Listing listing{read_list(session, filter_for(options, session))};
    print(session, result_of(listing, session));
    return ExitCode::done;
}

std::optional<WallTime> turned_back(Session& session, const RolloutRecord& rollout) {
    if (rollout.state != RolloutState::rolled_back) {
        return std::nullopt;
    }
    return turn_of(wait_for(session.parts, session.parts.journal().events(rollout.id, 0)));
}

/// The first cause decides: whoever sends back what a gate has stopped does it for the gate.
bool was_sent_back_as_wished(Session& session, const RolloutRecord& rollout) {
    if (rollout.state != RolloutState::rolled_back) {
        return false;
    }
    const auto cause = wait_for(session.parts, session.parts.journal().cause(rollout.id));
    return cause && engine::is_wish(cause->kind);
}

/// In days where it is whole days: "30 days", "12h".
std::string span_text(Duration span) {
    const auto days = std::chrono::floor<std::chrono::days>(span);
    return days == span ? count_of(days.count(), "day") : deployctl::to_text(span);
}

/// Over the whole span, whatever of it is shown.
void add_figures(Listing& listing, const Options& options, Session& session) {
    std::vector<Delivery> deliveries;
    for (const auto& rollout : listing.rollouts) {
        deliveries.push_back(
            {rollout, turned_back(session, rollout), was_sent_back_as_wished(session, rollout)}
        );
    }
    const auto now = session.parts.clock().now();
    const auto first = listing.rollouts.empty() ? now : listing.rollouts.back().started;
    listing.figures = figures_of(deliveries, options.since.value_or(now - first));
    listing.span = options.since ? "Last " + span_text(*options.since)
                                 : "Since " + to_minute_text(first).substr(0, 10);
}

std::vector<RolloutRecord> find_last_good(const Options& options, Session& session) {
    constexpr int far_back = 500;
    auto filter = filter_for(options, session);
    filter.since = std::nullopt;
    filter.at_most = far_back;
    return last_good_of(read_list(session, filter));
}

ExitCode tell(const Options& options, Session& session) {
    Listing listing{read_list(session, filter_for(options, session))};
    listing.last_good = find_last_good(options, session);
    add_figures(listing, options, session);
    std::erase_if(listing.rollouts, [&options](const RolloutRecord& rollout) {
        return options.result && rollout.state != *options.result;
    });
    print(session, result_of(listing, session));
    return ExitCode::done;
}

ExitCode tell_operations(const Options& options, Session& session) {
    const auto place = filter_of(session);
    OperationFilter filter;
    filter.app = place.app;
    filter.environment = place.environment;
    filter.kind = options.kind == std::string_view("all") ? "" : options.kind;
    filter.at_most = options.limit.value_or(filter.at_most);
    auto found = wait_for(session.parts, session.parts.operations().operations(filter));
    const auto now = session.parts.clock().now();
    std::erase_if(found, [&](const Operation& one) {
        return options.since && one.started < now - *options.since;
    });
    Result result;
    Value::Array items;
    for (const auto& one : found) {
        items.push_back(to_value(one));
        result.names.push_back("op-" + std::to_string(one.number));
    }
    result.value = Value::map({{"items", std::move(items)}});
    result.text = [&](const Style& style) { return draw(found, now, style); };
    print(session, result);
    return ExitCode::done;
}

void declare_limits(Form& form, Options& options) {
    form.add_option(
        "--since", "DURATION", "begun within the last 12h, 30d, ...", into(options.since)
    );
    form.add_option("--limit", "N", "at most so many (default: 50)", into_count(options.limit));
}

}  // namespace

Run rollout_list(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_flag("--active", options->active, "only those that have not ended");
    declare_limits(form, *options);
    form.add_example("deployctl rollout list --active", "what is going on");
    form.add_example("deployctl rollout list --limit 5 -o name", "the last five, for scripts");
    return [options](Session& session) { return list(*options, session); };
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
    form.add_option(
        "--kind",
        "KIND",
        "instead: operations of this kind; `infra.` all that begin so, `all` every one",
        into(options->kind)
    );
    form.describe(
        "Marks the last good version, and counts over the listed span. Deployments are rollouts "
        "that "
        "were promoted or rolled back, or need somebody; failed are those that were rolled back, "
        "then or by a later rollback, or need somebody, and not those that a person has sent back "
        "before anything failed. Each counts once; a rollback of a promoted release is a rollout "
        "of its own. The time to restore is that of the way back."
    );
    form.add_example("deployctl history -e production --since 30d", "a month");
    form.add_example("deployctl history --result rolled_back --color never", "what went wrong");
    form.add_example("deployctl history --kind dr.", "drills, failovers and failbacks");
    return [options](Session& session) {
        return options->kind.empty() ? tell(*options, session) : tell_operations(*options, session);
    };
}

}  // namespace deployctl::cli::commands
