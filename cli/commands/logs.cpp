// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/connection.hpp"
#include "cli/finding.hpp"
#include "cli/output/result.hpp"
#include "cli/reading.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string reference;
    std::optional<Slot> track;
    std::optional<int> lines;
    bool kept = false;
};

struct PodLog {
    std::string pod;
    std::string container;
    const char* source = "";  ///< "evidence" or "cluster"
    std::vector<std::string> lines;
};

std::vector<PodLog> kept_logs(const Told& told) {
    std::vector<PodLog> logs;
    if (told.story.cause) {
        for (const auto& pod : told.story.cause->pods) {
            logs.push_back({pod.pod, pod.container, "evidence", pod.log});
        }
    }
    return logs;
}

/// The pods of the slot that still are there, each with the end of its log.
Task<std::vector<PodLog>> live_logs(Cluster* cluster, Plan plan, Slot slot, int lines) {
    const auto world = co_await cluster->look();
    const auto* workload =
        find_workload(world, slot == Slot::stable ? plan.workload : plan.candidate);
    std::vector<PodLog> logs;
    if (workload != nullptr) {
        for (const auto* pod : all_pods_of(world, *workload)) {
            logs.push_back({pod->meta.name, plan.container, "cluster", {}});
        }
    }
    for (auto& log : logs) {
        LogQuery query;
        query.pod = log.pod;
        query.container = log.container;
        query.lines = lines;
        log.lines = co_await cluster->log(query);
    }
    co_return logs;
}

void add_live_logs(
    std::vector<PodLog>& logs,
    const Options& options,
    Session& session,
    const RolloutRecord& rollout
) {
    constexpr int usual_lines = 100;
    const auto plan = read_plan_of(session, rollout);
    const auto choice = connect_to(session, rollout);
    auto* const cluster = &session.parts.cluster(choice);
    const auto slot = options.track.value_or(Slot::candidate);
    const auto live = wait_for(
        session.parts, live_logs(cluster, plan, slot, options.lines.value_or(usual_lines))
    );
    logs.insert(logs.end(), live.begin(), live.end());
}

Value to_value(const PodLog& log) {
    return Value::map({
        {"pod", log.pod},
        {"container", log.container},
        {"source", log.source},
        {"lines", Value::Array(log.lines.begin(), log.lines.end())},
    });
}

std::string draw(const std::vector<PodLog>& logs, const Style& style) {
    std::string text;
    for (const auto& log : logs) {
        text +=
            paint(
                style, Tone::strong, "==> " + printable(log.pod) + "/" + printable(log.container)
            ) +
            "  " + log.source + "\n";
        for (const auto& line : log.lines) {
            text += printable(line) + "\n";
        }
    }
    return text.empty() ? "no log lines were kept, and no pod is there\n" : text;
}

ExitCode run(const Options& options, Session& session) {
    const auto rollout = find_rollout(session, options.reference);
    auto logs = options.track == Slot::stable ? std::vector<PodLog>{}
                                              : kept_logs(read_story(session, rollout));
    const bool is_over = is_terminal(rollout.state) && !options.track;
    if (!options.kept && !is_over) {
        add_live_logs(logs, options, session, rollout);
    }
    Result result;
    Value::Array items;
    for (const auto& log : logs) {
        items.push_back(to_value(log));
        result.names.push_back(log.pod);
    }
    result.value = Value::map({{"items", std::move(items)}});
    result.text = [&logs](const Style& style) { return draw(logs, style); };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run logs(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout, else the last)", into(options->reference)
    );
    form.add_option(
        "--track",
        "TRACK",
        "the pods of which side, from the cluster",
        one_of<std::optional<Slot>, Slot>(
            options->track, {{"stable", Slot::stable}, {"candidate", Slot::candidate}}
        )
    );
    form.add_option(
        "--lines", "N", "the last so many lines of each pod (default: 100)", into(options->lines)
    );
    form.add_flag("--kept", options->kept, "only what was kept as evidence; needs no cluster");
    form.describe(
        "What was kept when the rollout failed, after its pods are gone; of an active rollout its "
        "pods' logs too."
    );
    form.add_example("deployctl logs 128 --kept", "the evidence");
    form.add_example("deployctl logs --track stable --lines 20", "the old version, now");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
