// SPDX-License-Identifier: Apache-2.0
#include "simcluster/deployment_status.hpp"

#include "model/kubernetes/workload.hpp"

namespace deployctl::simcluster {

namespace {

std::int64_t total(const std::vector<Value>& sets, const Pointer& place) {
    std::int64_t sum = 0;
    for (const auto& set : sets) {
        sum += set.number(place);
    }
    return sum;
}

const Value& condition(const Value& deployment, std::string_view type) {
    static const Value none;
    for (const auto& entry : deployment.items("/status/conditions")) {
        if (entry.view("/type") == type) {
            return entry;
        }
    }
    return none;
}

Value available_condition(
    const Value& deployment, const RollingLimits& limits, std::int64_t available
) {
    const bool is_enough = available >= limits.replicas - limits.max_unavailable;
    const auto& before = condition(deployment, "Available");
    if (before.view("/status") == (is_enough ? "True" : "False")) {
        return before;
    }
    return Value::map({
        {"type", "Available"},
        {"status", is_enough ? "True" : "False"},
        {"reason", is_enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable"},
        {"message",
         is_enough ? "Deployment has minimum availability."
                   : "Deployment does not have minimum availability."},
    });
}

Value progressing(
    const char* reason, const char* status, const std::string& message, WallTime since
) {
    return Value::map({
        {"type", "Progressing"},
        {"status", status},
        {"reason", reason},
        {"message", message},
        {"lastUpdateTime", to_rfc3339(since)},
    });
}

bool has_moved(const Value& before, const Value& after) {
    for (const auto* counter : {"/updatedReplicas", "/readyReplicas", "/availableReplicas"}) {
        if (after.number(counter) > before.number(counter)) {
            return true;
        }
    }
    return after.number("/replicas") < before.number("/replicas");
}

struct Counts {
    std::int64_t all = 0;
    std::int64_t updated = 0;
    std::int64_t available = 0;
};

bool is_complete(int replicas, const Value* newest, const Counts& counts) {
    return newest != nullptr && counts.updated == replicas && counts.all == counts.updated &&
           counts.available == replicas;
}

/// Where a deadline runs, it is left in `made`.
Value progress_of(
    const Value& deployment,
    const Value* newest,
    bool complete,
    WallTime now,
    DeploymentStatus& made
) {
    const auto& last = condition(deployment, "Progressing");
    const auto name = newest == nullptr ? std::string() : newest->text("/metadata/name");
    const auto deadline = seconds(deployment.number("/spec/progressDeadlineSeconds", 600));
    const bool is_new_template = !last.view("/message").ends_with("\"" + name + "\"");
    const bool was_complete = last.view("/reason") == "NewReplicaSetAvailable";
    if (complete) {
        const auto message = "has successfully progressed \"" + name + "\"";
        return was_complete && !is_new_template
                   ? last
                   : progressing("NewReplicaSetAvailable", "True", message, now);
    }
    if (last.is_null() || is_new_template || was_complete ||
        has_moved(deployment.at("/status"), made.value)) {
        made.deadline = deadline;
        return progressing("ReplicaSetUpdated", "True", "is progressing \"" + name + "\"", now);
    }
    const auto since = read_rfc3339(last.view("/lastUpdateTime")).value_or(now);
    if (now - since >= deadline) {
        const auto message = "has timed out progressing \"" + name + "\"";
        return progressing("ProgressDeadlineExceeded", "False", message, since);
    }
    made.deadline = std::chrono::ceil<Duration>(deadline - (now - since));
    return last;
}

}  // namespace

DeploymentStatus deployment_status(
    const Value& deployment, const std::vector<Value>& sets, const Value* newest, WallTime now
) {
    const auto limits = read_rolling_limits(deployment);
    DeploymentStatus made;
    made.value = Value::map({
        {"observedGeneration", deployment.at("/metadata/generation")},
        {"replicas", total(sets, "/status/replicas")},
        {"updatedReplicas", newest == nullptr ? 0 : newest->number("/status/replicas")},
        {"readyReplicas", total(sets, "/status/readyReplicas")},
        {"availableReplicas", total(sets, "/status/availableReplicas")},
    });
    const Counts counts{
        made.value.number("/replicas"),
        made.value.number("/updatedReplicas"),
        made.value.number("/availableReplicas")
    };
    const bool complete = is_complete(limits.replicas, newest, counts);
    const auto progress = progress_of(deployment, newest, complete, now, made);
    made.value.set(
        "/conditions",
        Value::list({available_condition(deployment, limits, counts.available), progress})
    );
    return made;
}

}  // namespace deployctl::simcluster
