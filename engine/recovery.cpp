// SPDX-License-Identifier: Apache-2.0
#include "engine/recovery.hpp"

#include "engine/changes.hpp"
#include "engine/objects.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr int most_active = 1000;
constexpr std::string_view lease_prefix = "deployctl-";

bool is_in(const Target& place, const RolloutRecord& rollout) {
    return rollout.target.kube_namespace == place.kube_namespace &&
           rollout.target.cluster_uid == place.cluster_uid;
}

bool is_of(const Runner& self, const RolloutRecord& rollout) {
    return rollout.initiator == self.identity || rollout.owner.host == self.host;
}

std::vector<std::string> pins_of(const Value& service) {
    std::vector<std::string> pins;
    if (is_preview_service(service)) {
        return pins;
    }
    for (const auto& [key, value] : read_labels(service.at("/spec/selector"))) {
        if (key == mark::template_hash || key == mark::track) {
            pins.push_back("Service/" + service.text("/metadata/name") + ": " + key + "=" + value);
        }
    }
    return pins;
}

/// Services that the rollout has written, and that select by more than their owner wrote.
std::vector<std::string> pins_in(const std::vector<Value>& services, const RolloutId& rollout) {
    std::vector<std::string> pins;
    for (const auto& service : services) {
        if (service.text(annotation_pointer(mark::rollout)) == rollout) {
            std::ranges::move(pins_of(service), std::back_inserter(pins));
        }
    }
    return pins;
}

/// A candidate that still has pods.
std::vector<std::string> pods_of_candidate(const Value& deployment) {
    const auto track = "/spec/template/metadata/labels/" + escape_pointer(mark::track);
    const auto replicas = deployment.number("/spec/replicas");
    if (!deployment.has(track) || replicas <= 0) {
        return {};
    }
    return {
        "Deployment/" + deployment.text("/metadata/name") + " has " + count_of(replicas, "pod"),
    };
}

/// Its owner may have pinned it to one size as well: only the mark says that a rollout did.
std::vector<std::string> hold_of(const Value& autoscaler) {
    if (!is_held(autoscaler)) {
        return {};
    }
    const auto name = autoscaler.text("/kind") + "/" + autoscaler.text("/metadata/name");
    if (is_scaled_object(autoscaler)) {
        return {name + " is paused by a rollout"};
    }
    const auto least = autoscaler.number("/spec/minReplicas", 1);
    const auto size = count_of(least, "pod");
    return {
        least == autoscaler.number("/spec/maxReplicas")
            ? name + " is held at " + size
            : name + " sizes " + autoscaler.text("/spec/scaleTargetRef/name") + ", from " + size
    };
}

Task<LostRollout> examine(Witnesses witnesses, RolloutRecord rollout) {
    LostRollout lost;
    const auto id = rollout.id;
    const auto target = rollout.target;
    lost.lock = co_await view_lease(witnesses.cluster, target);
    const auto open = co_await witnesses.store.open_attempts(id);
    for (const auto& attempt : open) {
        lost.in_flight.push_back(attempt.intent);
    }
    lost.rollout = std::move(rollout);
    co_return lost;
}

Task<std::vector<LostRollout>> lost_in_journal(Witnesses witnesses, Target place, Whose whose) {
    RolloutFilter filter;
    filter.which = RolloutFilter::Which::active;
    filter.at_most = most_active;
    auto active = co_await witnesses.store.list(filter);
    std::ranges::reverse(active);
    const auto self = witnesses.runners.self();
    std::vector<LostRollout> found;
    for (const auto& rollout : active) {
        const bool is_meant =
            is_in(place, rollout) && (whose == Whose::all || is_of(self, rollout));
        if (is_meant && witnesses.runners.liveness(rollout.owner) != Liveness::alive) {
            auto lost = co_await examine(witnesses, rollout);
            found.push_back(std::move(lost));
        }
    }
    co_return found;
}

LostRollout only_named(const Target& place, const std::string& name, LeaseView lock) {
    LostRollout lost;
    lost.is_known = false;
    lost.rollout.id = lock.rollout;
    lost.rollout.target = place;
    lost.rollout.target.app = name.substr(lease_prefix.size());
    lost.rollout.state = read_rollout_state(lock.state).value_or(RolloutState::running);
    lost.rollout.direction = lock.direction;
    lost.rollout.step = lock.step;
    lost.rollout.owner = lock.runner;
    lost.rollout.epoch = lock.epoch;
    lost.lock = std::move(lock);
    return lost;
}

Task<std::vector<LostRollout>> lost_by_lease(Witnesses witnesses, Target place) {
    const auto leases = co_await list_all(witnesses.cluster, Kind::lease);
    std::vector<LostRollout> found;
    for (const auto& lease : leases) {
        const auto name = lease.text("/metadata/name");
        auto lock = read_lease(lease);
        if (!name.starts_with(lease_prefix) || !names_unfinished(lock)) {
            continue;
        }
        const auto id = lock.rollout;
        const auto known = co_await witnesses.store.find(id);
        if (!known && witnesses.runners.liveness(lock.runner) != Liveness::alive) {
            found.push_back(only_named(place, name, std::move(lock)));
        }
    }
    co_return found;
}

}  // namespace

bool waits_for_somebody(const LostRollout& lost) {
    return lost.rollout.state == RolloutState::paused ||
           lost.rollout.state == RolloutState::needs_human;
}

Task<std::vector<LostRollout>> find_lost(Witnesses witnesses, Target place, Whose whose) {
    auto found = co_await lost_in_journal(witnesses, place, whose);
    if (whose == Whose::all) {
        auto named = co_await lost_by_lease(witnesses, place);
        std::ranges::move(named, std::back_inserter(found));
    }
    const auto services = co_await list_all(witnesses.cluster, Kind::service);
    for (auto& lost : found) {
        lost.pins = pins_in(services, lost.rollout.id);
    }
    co_return found;
}

std::vector<std::string> half_done(const Value& object) {
    const auto kind = object.view("/kind");
    if (kind == info(Kind::service).name) {
        return pins_of(object);
    }
    const bool is_autoscaler = kind == info(Kind::autoscaler).name || is_scaled_object(object);
    return is_autoscaler ? hold_of(object) : pods_of_candidate(object);
}

Task<std::vector<std::string>> left_half_done(Cluster& cluster, RolloutId rollout) {
    const auto services = co_await list_all(cluster, Kind::service);
    const auto deployments = co_await list_all(cluster, Kind::deployment);
    auto left = pins_in(services, rollout);
    for (const auto& deployment : deployments) {
        if (deployment.text(annotation_pointer(mark::rollout)) == rollout) {
            std::ranges::move(pods_of_candidate(deployment), std::back_inserter(left));
        }
    }
    co_return left;
}

}  // namespace deployctl::engine
