// SPDX-License-Identifier: Apache-2.0
#include "engine/evidence.hpp"

#include "engine/objects.hpp"
#include "model/error.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr std::size_t most_pods = 3;
constexpr Duration time_for_logs = seconds(1);  // whoever is in trouble waits as long to be helped

std::size_t distinct_pods(const std::vector<Symptom>& symptoms) {
    std::vector<std::string> names;
    for (const auto& symptom : symptoms) {
        names.push_back(symptom.pod);
    }
    std::ranges::sort(names);
    const auto rest = std::ranges::unique(names);
    return names.size() - rest.size();
}

/// Pods of the next version that are not ready, where no symptom has named one.
void add_unready_pods(const Plan& plan, const World& world, Cause& cause) {
    for (const auto* pod : pods_of_next(plan, world)) {
        if (!pod->ready && cause.pods.size() < most_pods) {
            cause.pods.push_back(
                {pod->meta.name,
                 plan.container,
                 std::string(not_ready),
                 trouble_text(*pod, world),
                 {}}
            );
        }
    }
}

void add_any_pod(const Plan& plan, const World& world, Cause& cause) {
    const auto pods = pods_of_next(plan, world);
    if (cause.pods.empty() && !pods.empty()) {
        cause.pods.push_back({pods.front()->meta.name, plan.container, "Ready", "ready", {}});
    }
}

void add_notices(const World& world, int most, Cause& cause) {
    for (const auto& notice : world.notices) {
        const bool concerns =
            notice.is_warning && std::ranges::any_of(cause.pods, [&](const PodTrouble& pod) {
                return pod.pod == notice.name;
            });
        if (concerns && static_cast<int>(cause.notices.size()) < most) {
            cause.notices.push_back(
                notice.name + "  " + notice.reason + " x" + std::to_string(notice.count) + "  " +
                notice.message
            );
        }
    }
}

struct LogTail {
    std::vector<std::string> lines;
    bool is_read = true;  ///< else the lines are our own, and say why not
};

/// A log that cannot be read is a line that says so.
Task<LogTail> read_log(Cluster& cluster, LogQuery query) {
    LogTail tail;
    try {
        tail.lines = co_await cluster.log(query);
    } catch (const Error& error) {
        tail.is_read = false;
        tail.lines.push_back(
            error.exit() == ExitCode::blocked ? "not permitted (pods/log)"
                                              : std::string("not readable: ") + error.what()
        );
    }
    co_return tail;
}

/// Of the run before this one, else of this one; until then, and no longer.
Task<std::vector<std::string>> log_of(
    Cluster& cluster, Clock& clock, PodTrouble trouble, EvidenceSettings settings, BootTime until
) {
    LogQuery query{trouble.pod, trouble.container, settings.log_lines, LogQuery::Run::previous};
    query.timeout = std::max<Duration>(until - clock.boot_time(), milliseconds(10));
    LogTail tail;
    if (settings.previous_container) {
        tail = co_await read_log(cluster, query);
    }
    query.run = LogQuery::Run::present;
    query.timeout = until - clock.boot_time();
    if ((tail.lines.empty() || !tail.is_read) && query.timeout > Duration{}) {
        tail = co_await read_log(cluster, query);
    }
    co_return tail.lines;
}

}  // namespace

Cause cause_of_symptoms(
    const std::vector<Symptom>& symptoms, const Plan& plan, const std::string& stage
) {
    const auto& first = symptoms.front();
    const auto count = distinct_pods(symptoms);
    Cause cause;
    cause.kind = first.kind;
    cause.stage = stage;
    cause.subject = first.pod;
    cause.measured = first.detail;
    cause.headline = first.reason + ": " + std::to_string(count) +
                     (count == 1 ? " pod of " : " pods of ") + plan.release.tag + ", " +
                     first.detail;
    if (first.kind == no_endpoints) {
        cause.headline = first.reason + ": " + first.detail;  // no pod's doing
    }
    for (const auto& symptom : symptoms) {
        if (cause.pods.size() < most_pods) {
            cause.pods.push_back(
                {symptom.pod, symptom.container, symptom.reason, symptom.detail, {}}
            );
        }
    }
    return cause;
}

Task<Cause> with_evidence(Cluster& cluster, Clock& clock, World world, Plan plan, Cause cause) {
    if (cause.pods.empty()) {
        add_unready_pods(plan, world, cause);
    }
    add_any_pod(plan, world, cause);
    const auto end = clock.boot_time() + time_for_logs;
    int left = static_cast<int>(cause.pods.size());
    for (auto& trouble : cause.pods) {
        const auto now = clock.boot_time();
        const auto until =
            now + (end - now) / left--;  // a silent kubelet leaves time for the others
        if (!trouble.container.empty()) {
            trouble.log = co_await log_of(cluster, clock, trouble, plan.evidence, until);
        }
    }
    add_notices(world, plan.evidence.events, cause);
    cause.changes = plan.release.changes;
    co_return cause;
}

}  // namespace deployctl::engine
