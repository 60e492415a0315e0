// SPDX-License-Identifier: Apache-2.0
#include "simcluster/deployment_status.hpp"

#include "model/kubernetes/workload.hpp"

namespace deployctl::simcluster {

namespace {

std::int64_t total(const std::vector<Value>& sets, std::string_view pointer) {
    std::int64_t sum = 0;
    for (const auto& set : sets) {
        sum += set.number(pointer);
    }
    return sum;
}

const Value& condition(const Value& deployment, std::string_view type) {
    static const Value none;
    for (const auto& entry : deployment.items("/status/conditions")) {
        if (entry.text("/type") == type) {
            return entry;
        }
    }
    return none;
}

Value available_condition(
    const Value& deployment, const Workload& workload, std::int64_t available
) {
    const bool is_enough = available >= workload.replicas - workload.max_unavailable;
    const auto& before = condition(deployment, "Available");
    if (before.text("/status") == (is_enough ? "True" : "False")) {
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

}  // namespace

DeploymentStatus deployment_status(
    const Value& deployment, const std::vector<Value>& sets, const Value* newest, WallTime now
) {
    const auto workload = read_workload(deployment);
    const auto& before = deployment.at("/status");
    DeploymentStatus made;
    made.value = Value::map({
        {"observedGeneration", deployment.at("/metadata/generation")},
        {"replicas", total(sets, "/status/replicas")},
        {"updatedReplicas", newest == nullptr ? 0 : newest->number("/status/replicas")},
        {"readyReplicas", total(sets, "/status/readyReplicas")},
        {"availableReplicas", total(sets, "/status/availableReplicas")},
    });
    const auto available = made.value.number("/availableReplicas");
    const auto updated = made.value.number("/updatedReplicas");
    const auto all = made.value.number("/replicas");
    const bool is_complete = newest != nullptr && updated == workload.replicas && all == updated &&
                             available == workload.replicas;
    const auto& last = condition(deployment, "Progressing");
    const auto name = newest == nullptr ? std::string() : newest->text("/metadata/name");
    const auto deadline = seconds(deployment.number("/spec/progressDeadlineSeconds", 600));
    const bool is_new_template = !last.text("/message").ends_with("\"" + name + "\"");
    const auto since = read_rfc3339(last.text("/lastUpdateTime")).value_or(now);
    auto progress = last;
    if (is_complete) {
        if (last.text("/reason") != "NewReplicaSetAvailable" || is_new_template) {
            progress = progressing(
                "NewReplicaSetAvailable",
                "True",
                "has successfully progressed \"" + name + "\"",
                now
            );
        }
    } else if (last.is_null() || is_new_template || has_moved(before, made.value) ||
               last.text("/reason") == "NewReplicaSetAvailable") {
        progress = progressing("ReplicaSetUpdated", "True", "is progressing \"" + name + "\"", now);
        made.deadline = deadline;
    } else if (now - since >= deadline) {
        progress = progressing(
            "ProgressDeadlineExceeded", "False", "has timed out progressing \"" + name + "\"", since
        );
    } else {
        made.deadline = std::chrono::ceil<Duration>(deadline - (now - since));
    }
    made.value.set(
        "/conditions", Value::list({available_condition(deployment, workload, available), progress})
    );
    return made;
}

}  // namespace deployctl::simcluster
