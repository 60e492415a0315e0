// SPDX-License-Identifier: Apache-2.0
#include "simcluster/world_reader.hpp"

#include <algorithm>
#include <array>

namespace deployctl::simcluster {

namespace {

constexpr std::array shown_kinds{
    Kind::deployment,
    Kind::replica_set,
    Kind::pod,
    Kind::service,
    Kind::endpoint_slice,
    Kind::autoscaler,
    Kind::disruption_budget,
    Kind::event,
};

/// The list is in the order of names, and stays in it.
template <class Object>
void read_again(
    SharedList<Object>& list,
    const std::string& name,
    const Value* object,
    Object (*read)(const Value&)
) {
    const auto name_of = [](const Object& one) -> const std::string& { return one.meta.name; };
    const auto place = std::ranges::lower_bound(list, name, {}, name_of);
    const bool is_known = place != list.end() && place->meta.name == name;
    if (object == nullptr && is_known) {
        list.erase(place);
    } else if (object != nullptr && is_known) {
        list.replace(place, read(*object));
    } else if (object != nullptr) {
        list.insert(place, read(*object));
    }
}

void copy_kind(Kind kind, const World& from, World& to) {
    switch (kind) {
        case Kind::deployment: to.workloads = from.workloads; return;
        case Kind::replica_set: to.replica_sets = from.replica_sets; return;
        case Kind::pod: to.pods = from.pods; return;
        case Kind::service: to.services = from.services; return;
        case Kind::endpoint_slice: to.endpoints = from.endpoints; return;
        case Kind::autoscaler: to.autoscalers = from.autoscalers; return;
        case Kind::disruption_budget: to.disruption_budgets = from.disruption_budgets; return;
        case Kind::event: to.notices = from.notices; return;
        default: return;
    }
}

}  // namespace

const World& WorldReader::world() {
    for (const auto& ref : stale_) {
        read(ref);
    }
    stale_.clear();
    world_.wall = sim_.clock.now();
    world_.boot = sim_.clock.boot_time();
    return world_;
}

void WorldReader::read(const ObjectRef& ref) {
    const auto* object = sim_.objects.find(ref);
    const auto refresh = [&](auto& list, auto reader) {
        read_again(list, ref.name, object, reader);
    };
    switch (ref.kind) {
        case Kind::deployment: refresh(world_.workloads, read_workload); return;
        case Kind::replica_set: refresh(world_.replica_sets, read_replica_set); return;
        case Kind::pod: refresh(world_.pods, read_pod); return;
        case Kind::service: refresh(world_.services, read_service); return;
        case Kind::autoscaler: refresh(world_.autoscalers, read_autoscaler); return;
        case Kind::disruption_budget:
            refresh(world_.disruption_budgets, read_disruption_budget);
            return;
        case Kind::event: read_all_notices(); return;
        case Kind::endpoint_slice: read_all_endpoints(); return;
        default: return;
    }
}

void WorldReader::read_all_notices() {
    world_.notices = {};
    for (const auto* event : sim_.objects.all(Kind::event)) {
        world_.notices.push_back(read_notice(*event));
    }
}

void WorldReader::read_all_endpoints() {
    world_.endpoints = {};
    for (const auto* slice : sim_.objects.all(Kind::endpoint_slice)) {
        for (auto& endpoint : read_endpoints(*slice)) {
            world_.endpoints.push_back(std::move(endpoint));
        }
    }
}

void Watches::note(const ObjectChange& change) {
    const auto kind = change.ref.kind;
    if (!is_shown(kind) || !is_started_ || !on_the_way_.insert(kind).second) {
        return;
    }
    sim_.clock.call_in(sim_.pace.watch, [this, kind] {
        on_the_way_.erase(kind);
        come_in_.insert(kind);
    });
}

/// A kind comes in as it is by now, not as it was when its change was told.
const World& Watches::look() {
    if (!is_started_) {
        come_in_.insert(shown_kinds.begin(), shown_kinds.end());
    }
    is_started_ = true;
    const auto& truth = truth_.world();
    for (const auto kind : come_in_) {
        copy_kind(kind, truth, seen_);
    }
    come_in_.clear();
    seen_.wall = truth.wall;
    seen_.boot = truth.boot;
    return seen_;
}

bool is_shown(Kind kind) {
    return std::ranges::find(shown_kinds, kind) != shown_kinds.end();
}

}  // namespace deployctl::simcluster
