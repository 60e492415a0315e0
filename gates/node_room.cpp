// SPDX-License-Identifier: Apache-2.0
#include "gates/node_room.hpp"

#include "model/kubernetes/object.hpp"
#include "model/kubernetes/quantity.hpp"
#include "ports/one_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace deployctl::gates {

namespace {

bool is(const Value& object, const char* place, std::string_view word) {
    return object.view(place) == word;
}

bool is_ready(const Value& node) {
    return std::ranges::any_of(node.items("/status/conditions"), [](const Value& condition) {
        return is(condition, "/type", "Ready") && is(condition, "/status", "True");
    });
}

bool tolerates(const Value& toleration, const Value& taint) {
    const auto effect = toleration.view("/effect");
    if (!effect.empty() && effect != taint.view("/effect")) {
        return false;
    }
    const bool whatever_value = is(toleration, "/operator", "Exists");
    const auto key = toleration.view("/key");
    if (key.empty()) {
        return whatever_value;
    }
    return key == taint.view("/key") &&
           (whatever_value || toleration.view("/value") == taint.view("/value"));
}

bool keeps_away(const Value& taint, const Value& pod_spec) {
    const bool is_strict = is(taint, "/effect", "NoSchedule") || is(taint, "/effect", "NoExecute");
    return is_strict &&
           std::ranges::none_of(pod_spec.items("/tolerations"), [&](const Value& toleration) {
               return tolerates(toleration, taint);
           });
}

bool suits(const Value& node, const Value& pod_spec) {
    const bool is_open = is_ready(node) && !node.flag("/spec/unschedulable");
    const bool is_chosen =
        std::ranges::all_of(pod_spec.members("/nodeSelector"), [&](const auto& wanted) {
            const auto place = "/metadata/labels/" + escape_pointer(wanted.first);
            return node.at(place) == wanted.second;
        });
    return is_open && is_chosen &&
           std::ranges::none_of(node.items("/spec/taints"), [&](const Value& taint) {
               return keeps_away(taint, pod_spec);
           });
}

/// It still has a place, and what it has asked for.
bool is_done(const Value& pod) {
    return is(pod, "/status/phase", "Succeeded") || is(pod, "/status/phase", "Failed");
}

bool is_on_each_node(const Value& pod) {
    return std::ranges::any_of(pod.items("/metadata/ownerReferences"), [](const Value& owner) {
        return is(owner, "/kind", "DaemonSet");
    });
}

std::string name_of(const Value& object) {
    return one_line(object.view("/metadata/name"), 60);
}

}  // namespace

NodeRoom::NodeRoom(Value pod_spec, Amounts requests)
    : pod_spec_(std::move(pod_spec)), requests_(std::move(requests)) {
    std::erase_if(requests_, [](const auto& request) { return request.second <= 0; });
}

void NodeRoom::add_node(const Value& node) {
    nodes_ += 1;
    if (!suits(node, pod_spec_)) {
        return;
    }
    const auto has = [&](const std::string& resource) {
        const auto& amount = node.at("/status/allocatable/" + escape_pointer(resource));
        const auto read = read_quantity(amount);
        if (!read && !amount.is_null()) {
            trouble_ = "Node/" + name_of(node) + " says no amount of " + one_line(resource, 60);
        }
        return read.value_or(0);
    };
    Left left{has("pods"), {}};
    for (const auto& [resource, amount] : requests_) {
        left.amounts.push_back(has(resource));
    }
    nodes_that_suit_.insert_or_assign(node.text("/metadata/name"), Node{left, left});
}

void NodeRoom::add_pod(const Value& pod) {
    if (is_done(pod)) {
        return;
    }
    const auto on = pod.text("/spec/nodeName");
    if (on.empty()) {
        waiting_ += 1;
        return;
    }
    const auto found = nodes_that_suit_.find(on);
    if (found == nodes_that_suit_.end()) {
        return;
    }
    const auto needs = needs_of(pod.at("/spec"));
    if (!needs.trouble.empty()) {
        trouble_ = "Pod/" + name_of(pod) + ": " + needs.trouble;
    }
    take(found->second.now, needs.requests);
    if (is_on_each_node(pod)) {
        take(found->second.when_new, needs.requests);
    }
}

void NodeRoom::take(Left& left, const Amounts& asked) const {
    left.pods -= 1;
    std::size_t index = 0;
    for (const auto& [resource, amount] : requests_) {
        left.amounts[index++] -= amount_of(asked, resource);
    }
}

std::int64_t NodeRoom::pods_on(const Left& left) const {
    constexpr double rounding = 1e-9;
    constexpr double most = 1e6;  // of one node
    double pods = left.pods;
    std::size_t index = 0;
    for (const auto& [resource, amount] : requests_) {
        pods = std::min(pods, left.amounts[index++] / amount);
    }
    return static_cast<std::int64_t>(std::floor(std::clamp(pods, 0.0, most) + rounding));
}

/// All of them are alike: filling node after node takes as many as any order of them.
std::int64_t NodeRoom::pods_that_fit() const {
    std::int64_t sum = 0;
    for (const auto& [name, node] : nodes_that_suit_) {
        sum += pods_on(node.now);
    }
    return sum;
}

std::int64_t NodeRoom::pods_on_a_new_one() const {
    std::optional<std::int64_t> fewest;
    for (const auto& [name, node] : nodes_that_suit_) {
        const auto pods = pods_on(node.when_new);
        fewest = std::min(fewest.value_or(pods), pods);
    }
    return fewest.value_or(0);
}

std::vector<std::string> overlooked_in(const Value& pod_spec) {
    std::vector<std::string> found;
    for (const auto* place : {"/affinity", "/topologySpreadConstraints", "/resourceClaims"}) {
        if (pod_spec.has(place)) {
            found.emplace_back(place + 1);
        }
    }
    const bool has_claims =
        std::ranges::any_of(pod_spec.items("/volumes"), [](const Value& volume) {
            return volume.has("/persistentVolumeClaim");
        });
    if (has_claims) {
        found.emplace_back("volumes");
    }
    return found;
}

}  // namespace deployctl::gates
