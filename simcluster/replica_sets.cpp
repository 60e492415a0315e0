// SPDX-License-Identifier: Apache-2.0
#include "simcluster/replica_sets.hpp"

#include "simcluster/pod_status.hpp"
#include "simcluster/quotas.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace deployctl::simcluster {

namespace {

/// What is still missing until the pod counts as available; nothing where it is not ready.
std::optional<Duration> until_available(const Value& pod, Duration min_ready, WallTime now) {
    if (!is_ready(pod)) {
        return std::nullopt;
    }
    const auto since = read_rfc3339(ready_condition(pod).view("/lastTransitionTime")).value_or(now);
    return std::max(Duration{}, min_ready - (now - since));
}

/// Those that serve least first: without a node, not ready, then the youngest.
auto worth(const Value& pod) {
    return std::tuple(
        pod.has("/spec/nodeName"), pod.view("/status/phase") == "Running", is_ready(pod)
    );
}

/// Five letters as the API server's generator uses them, counted instead of drawn.
std::string pod_suffix(int serial) {
    constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
    std::string suffix;
    for (int place = 0; place < 5; ++place) {
        suffix += letters[static_cast<std::size_t>(serial) % letters.size()];
        serial /= static_cast<int>(letters.size());
    }
    std::ranges::reverse(suffix);
    return suffix;
}

}  // namespace

ReplicaSets::ReplicaSets(Sim sim)
    : sim_(sim),
      queue_(sim.clock, [this](const ObjectRef& ref) { sync(ref); }),
      ripening_(sim.clock, [this](const ObjectRef& ref) { sync(ref); }) {}

void ReplicaSets::note(const ObjectChange& change) {
    const auto& object = change.after == nullptr ? *change.before : *change.after;
    if (change.ref.kind == Kind::replica_set && change.after != nullptr) {
        queue_.add(change.ref, sim_.pace.controller);
    }
    if (change.ref.kind == Kind::pod) {
        const auto owner = object.text("/metadata/ownerReferences/0/name");
        queue_.add({Kind::replica_set, change.ref.kube_namespace, owner}, sim_.pace.controller);
    }
    const bool may_own = change.ref.kind == Kind::deployment ||
                         change.ref.kind == Kind::replica_set || change.ref.kind == Kind::service;
    if (change.after == nullptr && may_own) {
        const auto uid = object.text("/metadata/uid");
        sim_.clock.call_in(sim_.pace.controller, [this, ref = change.ref, uid] {
            collect_garbage(ref, uid);
        });
    }
}

void ReplicaSets::sync(const ObjectRef& ref) {
    const auto* found = sim_.objects.find(ref);
    if (found == nullptr) {
        return;
    }
    const Value set = *found;
    std::vector<Value> pods;
    for (const auto* pod : sim_.objects.owned_by(Kind::pod, set.text("/metadata/uid"))) {
        if (!is_leaving(*pod)) {
            pods.push_back(*pod);
        }
    }
    const auto missing =
        static_cast<int>(set.number("/spec/replicas")) - static_cast<int>(pods.size());
    std::string refusal;
    for (int made = 0; made < missing && refusal.empty(); ++made) {
        refusal = make_pod(set);
    }
    if (missing < 0) {
        remove_pods(std::move(pods), -missing);
    }
    if (!refusal.empty()) {
        ripening_.add(ref, seconds(10));  // tried again, in case there is room by then
    }
    write_status(ref, refusal);
}

std::string ReplicaSets::make_pod(const Value& set) {
    const auto kube_namespace = set.text("/metadata/namespace");
    const auto name = set.text("/metadata/name") + "-" + pod_suffix(serial_ + 1);
    if (auto refusal = refusal_by_quota(sim_.objects, name); !refusal.empty()) {
        return refusal;
    }
    Value pod;
    pod.set("/metadata/labels", set.at("/spec/template/metadata/labels"));
    if (set.has("/spec/template/metadata/annotations")) {
        pod.set("/metadata/annotations", set.at("/spec/template/metadata/annotations"));
    }
    pod.set("/metadata/ownerReferences", Value::list({owner_reference(set)}));
    pod.set("/spec", set.at("/spec/template/spec"));
    pod.set("/status/phase", "Pending");
    sim_.objects.insert({Kind::pod, kube_namespace, name}, std::move(pod));
    ++serial_;  // a refused pod keeps its name for the next try, so that the refusal reads the same
    return "";
}

void ReplicaSets::remove_pods(std::vector<Value> pods, int count) {
    std::ranges::stable_sort(pods, [](const Value& left, const Value& right) {
        const auto worth_of_left = worth(left);
        const auto worth_of_right = worth(right);
        return worth_of_left != worth_of_right
                   ? worth_of_left < worth_of_right
                   : left.view("/metadata/uid") > right.view("/metadata/uid");  // the youngest
    });
    for (const auto& pod : pods) {
        if (count-- > 0) {
            delete_pod(sim_, ref_of(Kind::pod, pod));
        }
    }
}

void ReplicaSets::write_status(const ObjectRef& ref, const std::string& refusal) {
    const auto& set = *sim_.objects.find(ref);
    const auto min_ready = seconds(set.number("/spec/minReadySeconds"));
    const auto now = sim_.clock.server_time();
    int count = 0;
    int ready = 0;
    int available = 0;
    for (const auto* pod : sim_.objects.owned_by(Kind::pod, set.text("/metadata/uid"))) {
        if (is_leaving(*pod)) {
            continue;
        }
        const auto left = until_available(*pod, min_ready, now);
        count += 1;
        ready += left ? 1 : 0;
        available += left && *left == Duration{} ? 1 : 0;
        if (left && *left > Duration{}) {
            ripening_.add(ref, *left);
        }
    }
    auto status = Value::map({
        {"observedGeneration", set.at("/metadata/generation")},
        {"replicas", count},
        {"readyReplicas", ready},
        {"availableReplicas", available},
    });
    if (!refusal.empty()) {
        const auto failure = Value::map({
            {"type", "ReplicaFailure"},
            {"status", "True"},
            {"reason", "FailedCreate"},
            {"message", refusal},
        });
        status.set("/conditions", Value::list({failure}));
    }
    if (set.at("/status") != status) {
        auto next = set;
        next.set("/status", std::move(status));
        sim_.objects.replace(ref, std::move(next));
    }
}

void ReplicaSets::collect_garbage(const ObjectRef& owner, const std::string& uid) {
    for (const auto kind : {Kind::replica_set, Kind::endpoint_slice, Kind::pod}) {
        std::vector<ObjectRef> orphans;
        for (const auto* object : sim_.objects.owned_by(kind, uid)) {
            orphans.push_back({kind, owner.kube_namespace, object->text("/metadata/name")});
        }
        for (const auto& orphan : orphans) {
            if (kind == Kind::pod) {
                delete_pod(sim_, orphan);
            } else {
                sim_.objects.erase(orphan);
            }
        }
    }
}

void delete_pod(Sim sim, const ObjectRef& ref) {
    const auto* pod = sim.objects.find(ref);
    if (pod == nullptr || is_leaving(*pod)) {
        return;
    }
    auto next = *pod;
    next.set("/metadata/deletionTimestamp", to_rfc3339(sim.clock.server_time()));
    next.set(
        "/metadata/deletionGracePeriodSeconds",
        pod->number("/spec/terminationGracePeriodSeconds", 30)
    );
    sim.objects.replace(ref, std::move(next));
}

}  // namespace deployctl::simcluster
