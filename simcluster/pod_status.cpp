// SPDX-License-Identifier: Apache-2.0
#include "simcluster/pod_status.hpp"

#include "model/image.hpp"

namespace deployctl::simcluster {

namespace {

Value condition(const char* type, const char* status, const char* reason = "") {
    auto made = Value::map({{"type", type}, {"status", status}});
    if (*reason != '\0') {
        made.set("/reason", reason);
    }
    return made;
}

std::string image_id(const std::string& image) {
    const auto read = read_image(image);
    return read.repository + "@" +
           (read.digest.empty() ? "sha256:of-" + version_text(read) : read.digest);
}

/// One status for each container of the spec, with the state given.
Value::Array statuses(const Value& pod, const Value& state) {
    Value::Array made;
    for (const auto& container : pod.items("/spec/containers")) {
        made.push_back(Value::map({
            {"name", container.at("/name")},
            {"image", container.at("/image")},
            {"imageID", image_id(container.text("/image"))},
            {"ready", false},
            {"restartCount", 0},
            {"state", state},
        }));
    }
    return made;
}

}  // namespace

const Value& ready_condition(const Value& pod) {
    static const Value none;
    for (const auto& entry : pod.items("/status/conditions")) {
        if (entry.view("/type") == "Ready") {
            return entry;
        }
    }
    return none;
}

bool is_ready(const Value& pod) {
    return ready_condition(pod).view("/status") == "True";
}

bool is_leaving(const Value& pod) {
    return pod.has("/metadata/deletionTimestamp");
}

void set_condition(Value& pod, const Value& condition, WallTime now) {
    Value::Array conditions = pod.items("/status/conditions");
    auto next = condition;
    next.set("/lastTransitionTime", to_rfc3339(now));
    for (auto& present : conditions) {
        if (present.at("/type") == condition.at("/type")) {
            if (present.at("/status") == condition.at("/status")) {
                next.set("/lastTransitionTime", present.at("/lastTransitionTime"));
            }
            present = next;
            pod.set("/status/conditions", std::move(conditions));
            return;
        }
    }
    conditions.push_back(std::move(next));
    pod.set("/status/conditions", std::move(conditions));
}

void set_readiness(Value& pod, Readiness readiness, WallTime now) {
    const bool is_ready = readiness == Readiness::ready;
    const auto count = pod.items("/status/containerStatuses").size();
    for (std::size_t index = 0; index < count; ++index) {
        const auto place = "/status/containerStatuses/" + std::to_string(index);
        pod.set(place + "/ready", is_ready || (index > 0 && pod.has(place + "/state/running")));
    }
    const auto* status = is_ready ? "True" : "False";
    const auto* reason = is_ready ? "" : "ContainersNotReady";
    set_condition(pod, condition("ContainersReady", status, reason), now);
    set_condition(pod, condition("Ready", status, reason), now);
}

void set_waiting(Value& pod, const std::string& reason, const std::string& message) {
    auto state = Value::map({{"waiting", Value::map({{"reason", reason}})}});
    if (!message.empty()) {
        state.set("/waiting/message", message);
    }
    pod.set("/status/containerStatuses", statuses(pod, state));
}

void set_running(Value& pod, int restarts, WallTime now) {
    const auto last = pod.at("/status/containerStatuses/0/lastState");
    const auto state = Value::map({{"running", Value::map({{"startedAt", to_rfc3339(now)}})}});
    pod.set("/status/phase", "Running");
    pod.set("/status/containerStatuses", statuses(pod, state));
    pod.set("/status/containerStatuses/0/restartCount", restarts);
    if (!last.is_null()) {
        pod.set("/status/containerStatuses/0/lastState", last);
    }
}

void set_terminated(Value& pod, int exit_code, const std::string& reason, WallTime now) {
    const auto started = pod.at("/status/containerStatuses/0/state/running/startedAt");
    const auto ended = Value::map({
        {"exitCode", exit_code},
        {"reason", reason},
        {"startedAt", started},
        {"finishedAt", to_rfc3339(now)},
    });
    pod.set("/status/containerStatuses/0/state", Value::map({{"terminated", ended}}));
}

void set_backing_off(Value& pod, const std::string& message) {
    const std::string place = "/status/containerStatuses/0";
    pod.set(place + "/lastState", pod.at(place + "/state"));
    const auto waiting = Value::map({{"reason", "CrashLoopBackOff"}, {"message", message}});
    pod.set(place + "/state", Value::map({{"waiting", waiting}}));
}

}  // namespace deployctl::simcluster
