// SPDX-License-Identifier: Apache-2.0
#include "cli/output/why.hpp"

#include "cli/exit_codes.hpp"
#include "cli/output/words.hpp"
#include "engine/rollout.hpp"
#include "model/text.hpp"

namespace deployctl::cli {

namespace {

constexpr std::size_t most_log_lines = 8;

std::string row(const std::string& head, const std::string& text) {
    return "  " + pad(head, 8) + text + "\n";
}

std::string why_row(const Cause& cause) {
    auto text = printable(cause.headline);
    const bool says_values = text.find(cause.measured) != std::string::npos;
    if (!cause.measured.empty() && !says_values) {
        text += "; measured " + printable(cause.measured);
    }
    if (!cause.limit.empty() && text.find(cause.limit) == std::string::npos) {
        text += ", limit " + printable(cause.limit);
    }
    return row("why", text);
}

std::string pod_rows(const Cause& cause) {
    std::string text;
    for (const auto& pod : cause.pods) {
        auto where =
            printable(pod.pod) + (pod.container.empty() ? "" : "/" + printable(pod.container));
        auto line = where + "  " + printable(pod.reason);
        const bool says_more =
            !pod.detail.empty() && pod.detail != pod.reason && pod.reason != "Ready";
        text +=
            row(text.empty() ? "pods" : "", line + (says_more ? "  " + printable(pod.detail) : ""));
        const auto skipped = pod.log.size() > most_log_lines ? pod.log.size() - most_log_lines : 0;
        for (std::size_t at = skipped; at < pod.log.size(); ++at) {
            text += row("", (at == skipped ? "log    " : "       ") + printable(pod.log[at]));
        }
    }
    return text;
}

std::string list_rows(
    const std::string& head, const std::vector<std::string>& lines, const Style& style
) {
    std::string text;
    for (const auto& line : lines) {
        text += row(text.empty() ? head : "", with_short_digests(printable(line), style));
    }
    return text;
}

std::string outcome_words(const Ending& ending) {
    const auto& rollout = ending.rollout;
    if (ending.cause && ending.cause->kind == engine::lost_control_cause) {
        return "is left as it is: this runner has lost the lock";
    }
    switch (rollout.state) {
        case RolloutState::rolled_back:
            return "was rolled back. " + rollout.previous_version + " serves 100%";
        case RolloutState::needs_human: return "stands where it failed: somebody has to decide";
        case RolloutState::paused: return "is paused: somebody has to decide";
        case RolloutState::aborted:
            return ending.exit == ExitCode::locked || ending.exit == ExitCode::blocked
                       ? "was not started"
                       : "is aborted";
        default: return std::string("is ") + words_of(rollout.state);
    }
}

/// Taken back as somebody wished: nothing is said of the version.
bool was_asked_for(const Ending& ending) {
    return ending.rollout.state == RolloutState::rolled_back && ending.cause &&
           engine::is_wish(ending.cause->kind);
}

std::string first_line(const Ending& ending, const Style& style) {
    const auto& rollout = ending.rollout;
    const auto stage = ending.cause ? ending.cause->stage : std::string();
    const auto head = paint(style, Tone::bad, std::string("error[") + word_of(ending.exit) + "]:");
    if (was_asked_for(ending)) {
        const auto& environment = rollout.target.environment;
        return head + " " + printable(rollout.next_version) + " was taken back" +
               (environment.empty() ? "" : " in " + printable(environment)) + ", as asked. " +
               printable(rollout.previous_version) + " serves 100%\n";
    }
    const bool has_failed =
        ending.exit == ExitCode::rolled_back || ending.exit == ExitCode::not_rolled_back;
    auto text = printable(rollout.next_version) + (has_failed ? " failed" : "");
    text +=
        rollout.target.environment.empty() ? "" : " in " + printable(rollout.target.environment);
    text += stage.empty() || !has_failed ? "" : " at " + printable(stage);
    text += has_failed ? " and " : " ";
    return head + " " + text + printable(outcome_words(ending)) + "\n";
}

/// Where the cluster has the last word on whose turn it is.
std::string commands_for_rivals(const Ending& ending) {
    const auto& rollout = ending.rollout;
    const auto number = std::to_string(rollout.number);
    const auto kind = ending.cause ? ending.cause->kind : std::string();
    const auto abort = "deployctl rollout abort " + number + " --reason TEXT";
    if (kind == engine::unfinished_cause) {
        const auto& other = ending.cause->subject;
        const auto app = printable(other.empty() ? rollout.target.app : other);
        const auto place = " -n " + printable(rollout.target.kube_namespace);
        return "deployctl rollout resume, where its journal is · deployctl rollout adopt " + app +
               place + " · deployctl rollout rollback --from-cluster --app " + app + place +
               " --reason TEXT";
    }
    if (kind == engine::superseded_cause) {
        return abort + " closes it here, without a write · deployctl explain " + number;
    }
    if (kind == engine::lost_control_cause && !is_terminal(rollout.state)) {
        return "deployctl rollout resume " + number + " · " + abort;
    }
    if (kind == engine::held_cause && !is_terminal(rollout.state)) {
        const auto* verb = rollout.direction == Direction::forward ? "resume " : "rollback ";
        const auto* reason = rollout.direction == Direction::forward ? "" : " --reason TEXT";
        return "watch it where it runs · deployctl rollout " + (verb + number) + " --takeover" +
               reason;
    }
    return "deployctl rollout list --active · the same again with --wait-lock 30m";
}

/// A shift of the traffic is no end: all the way back, or forward again where nothing was proven
/// bad.
std::string commands_half_way_back(const Ending& ending) {
    return join(half_way_back(ending.rollout, ending.cause), " · ");
}

std::string command_to_start(const RolloutRecord& rollout) {
    const auto& environment = rollout.target.environment;
    return "deployctl rollout " + std::string(to_text(rollout.strategy)) + " " +
           printable(rollout.next_version) +
           (environment.empty() ? "" : " -e " + printable(environment));
}

bool is_waiting_for_people(const Ending& ending) {
    return ending.rollout.state == RolloutState::paused && ending.cause &&
           ending.cause->kind == engine::approval_cause;
}

std::string next_row(const Ending& ending) {
    const auto& rollout = ending.rollout;
    const auto number = std::to_string(rollout.number);
    std::string commands = "deployctl explain " + number + " · deployctl logs " + number;
    if (ending.exit == ExitCode::locked) {
        commands = commands_for_rivals(ending);
    } else if (rollout.state == RolloutState::aborted && ending.exit == ExitCode::blocked) {
        commands = command_to_start(rollout);
    } else if (rollout.state == RolloutState::paused && rollout.direction == Direction::back) {
        commands = commands_half_way_back(ending);
    } else if (is_waiting_for_people(ending)) {
        commands = approve_command(rollout.number, printable(ending.cause->subject)) +
                   " · deployctl rollout resume " + number + " · deployctl rollout abort " +
                   number + " --reason TEXT";
    } else if (rollout.state == RolloutState::paused) {
        commands = "deployctl rollout resume " + number + " · deployctl rollout abort " + number +
                   " --reason TEXT";
    } else if (rollout.state == RolloutState::needs_human) {
        commands =
            "deployctl rollout rollback " + number + " --reason TEXT · deployctl explain " + number;
    } else if (ending.exit == ExitCode::stopped_watching) {
        commands = "deployctl rollout resume " + number + " · deployctl rollout status " + number;
    }
    return row("next", commands);
}

std::string plain_dots(std::string text, const Style& style) {
    for (auto at = text.find("·"); style.ascii && at != std::string::npos; at = text.find("·")) {
        text.replace(at, std::string_view("·").size(), "-");
    }
    return text;
}

std::string fenced_rows(const Cause& cause) {
    return "```\n" + cause_rows(cause, Style{}) + "```\n";
}

}  // namespace

std::string cause_rows(const Cause& cause, const Style& style) {
    std::string text = why_row(cause);
    text += pod_rows(cause);
    text += list_rows("event", cause.notices, style);
    text += list_rows("change", cause.changes, style);
    text += list_rows("later", cause.later, style);
    return text;
}

std::string ending_line(const Ending& ending, const Style& style) {
    const auto& rollout = ending.rollout;
    if (rollout.number == 0) {  // only the cluster knows of it
        return sign(style, Sign::done) + " " + printable(rollout.end_reason) + "\n";
    }
    const auto head = "rollout " + std::to_string(rollout.number) + " " + words_of(rollout.state);
    auto text = head + (rollout.end_reason.empty() ? "" : ": " + printable(rollout.end_reason));
    if (!rollout.target.environment.empty()) {
        text += " in " + printable(rollout.target.environment);
    }
    if (rollout.ended) {
        text += "  " + to_short_text(*rollout.ended - rollout.started);
    }
    return sign(style, sign_of(rollout.state)) + " " + text + "\n";
}

std::string why_block(const Ending& ending, const Style& style) {
    auto text = first_line(ending, style);
    if (ending.cause) {
        text += cause_rows(*ending.cause, style);
    } else if (!ending.rollout.end_reason.empty()) {
        text += row("why", printable(ending.rollout.end_reason));
    }
    if (ending.rollout.state == RolloutState::rolled_back) {
        text +=
            row("done",
                "Services, sizes and autoscalers are as they were; " +
                    printable(ending.rollout.previous_version) + " is verified");
    }
    text += plain_dots(next_row(ending), style);
    return text +
           row("exit", std::to_string(static_cast<int>(ending.exit)) + " " + word_of(ending.exit));
}

std::string summary_page(const Ending& ending) {
    const auto& rollout = ending.rollout;
    const Style plain{false, false, 120};
    auto page = "### deployctl: " + ending_line(ending, plain) + "\n";
    page +=
        "| app | environment | strategy | from | to | result | exit "
        "|\n|---|---|---|---|---|---|---|\n";
    page += "| " + printable(rollout.target.app) + " | " + printable(rollout.target.environment) +
            " | " + to_text(rollout.strategy) + " | " + printable(rollout.previous_version) +
            " | " + printable(rollout.next_version) + " | " + words_of(rollout.state) + " | " +
            std::to_string(static_cast<int>(ending.exit)) + " |\n";
    return ending.cause ? page + "\n" + fenced_rows(*ending.cause) : page;
}

}  // namespace deployctl::cli
