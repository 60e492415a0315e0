// SPDX-License-Identifier: Apache-2.0
#include "simcluster/behaviour.hpp"

#include "model/image.hpp"

namespace deployctl::simcluster {

Behaviour Behaviour::after(Duration crash_after) const {
    auto changed = *this;
    if (changed.crash) {
        changed.crash->after = crash_after;
    }
    return changed;
}

Behaviour Behaviour::saying(std::vector<std::string> lines) const {
    auto changed = *this;
    (changed.crash ? changed.last_words : changed.log) = std::move(lines);
    return changed;
}

Behaviour Behaviour::ready_in(Duration duration) const {
    auto changed = *this;
    changed.ready_after = duration;
    return changed;
}

Behaviour Behaviour::starting_in(Duration duration) const {
    auto changed = *this;
    changed.start_after = duration;
    return changed;
}

Behaviour Behaviour::stopping_in(Duration duration) const {
    auto changed = *this;
    changed.stop_after = duration;
    return changed;
}

Behaviour Behaviour::answering(const std::string& path, HttpBehaviour answer) const {
    auto changed = *this;
    changed.paths[path] = std::move(answer);
    return changed;
}

Behaviour good() {
    return {};
}

Behaviour crashing(int exit_code) {
    Behaviour behaviour;
    behaviour.crash = Crash{};
    behaviour.crash->exit_code = exit_code;
    behaviour.log = {"starting"};
    behaviour.last_words = {"panic: cannot open config"};
    return behaviour;
}

Behaviour crashing_at_first(int times) {
    auto behaviour = crashing();
    behaviour.crash->times = times;
    return behaviour;
}

Behaviour flaky(Duration ready_for) {
    auto behaviour = crashing();
    behaviour.crash->after = *behaviour.ready_after + ready_for;
    return behaviour;
}

Behaviour out_of_memory() {
    auto behaviour = crashing(137);
    behaviour.crash->reason = "OOMKilled";
    behaviour.last_words.clear();
    return behaviour;
}

Behaviour never_ready() {
    Behaviour behaviour;
    behaviour.ready_after.reset();
    behaviour.trouble = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    return behaviour;
}

Behaviour turning_unready(Duration ready_for) {
    auto behaviour = never_ready();
    behaviour.ready_after = good().ready_after;
    behaviour.unready_after = *behaviour.ready_after + ready_for;
    return behaviour;
}

Behaviour missing_image() {
    Behaviour behaviour;
    behaviour.start = Behaviour::Start::image_missing;
    return behaviour;
}

Behaviour missing_config() {
    Behaviour behaviour;
    behaviour.start = Behaviour::Start::config_missing;
    behaviour.trouble = "configmap \"web-config\" not found";
    return behaviour;
}

Behaviour unschedulable() {
    Behaviour behaviour;
    behaviour.start = Behaviour::Start::unschedulable;
    behaviour.trouble = "0/2 nodes are available: 2 Insufficient cpu.";
    return behaviour;
}

Behaviour slow(Duration ready_after) {
    return good().ready_in(ready_after);
}

Behaviour failing_requests(double share, Duration from) {
    HttpBehaviour answer;
    answer.error_share = share;
    answer.errors_from = from;
    return good().answering("*", answer);
}

const Behaviour& BehaviourTable::of(const Value& pod) const {
    for (const auto& container : pod.items("/spec/containers")) {
        const auto found = behaviours_.find(version_of_image(container.view("/image")));
        if (found != behaviours_.end()) {
            return found->second;
        }
    }
    return good_;
}

std::string version_of(const Value& pod) {
    return version_of_image(pod.view("/spec/containers/0/image"));
}

}  // namespace deployctl::simcluster
