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

/// Reads what has changed since `before` was read; both are in the order of names.
template <class Object>
std::vector<Object> read_again(
    const ObjectTable& objects, Kind kind, std::vector<Object> before, Object (*read)(const Value&)
) {
    std::vector<Object> all;
    auto old = before.begin();
    for (const auto* object : objects.all(kind)) {
        const auto name = object->text("/metadata/name");
        while (old != before.end() && old->meta.name < name) {
            ++old;
        }
        const bool is_known = old != before.end() && old->meta.resource_version ==
                                                         object->text("/metadata/resourceVersion");
        all.push_back(is_known ? std::move(*old) : read(*object));
    }
    return all;
}

}  // namespace

const World& WorldReader::world() {
    for (const auto kind : stale_) {
        read(kind);
    }
    stale_.clear();
    world_.wall = sim_.clock.now();
    world_.boot = sim_.clock.boot_time();
    return world_;
}

void WorldReader::read(Kind kind) {
    const auto& objects = sim_.objects;
    const auto refresh = [&](auto& list, auto reader) {
        list = read_again(objects, kind, std::move(list), reader);
    };
    switch (kind) {
        case Kind::deployment: refresh(world_.workloads, read_workload); return;
        case Kind::replica_set: refresh(world_.replica_sets, read_replica_set); return;
        case Kind::pod: refresh(world_.pods, read_pod); return;
        case Kind::service: refresh(world_.services, read_service); return;
        case Kind::autoscaler: refresh(world_.autoscalers, read_autoscaler); return;
        case Kind::disruption_budget:
            refresh(world_.disruption_budgets, read_disruption_budget);
            return;
        case Kind::event:
            world_.notices.clear();
            for (const auto* event : objects.all(kind)) {
                world_.notices.push_back(read_notice(*event));
            }
            return;
        case Kind::endpoint_slice:
            world_.endpoints.clear();
            for (const auto* slice : objects.all(kind)) {
                for (auto& endpoint : read_endpoints(*slice)) {
                    world_.endpoints.push_back(std::move(endpoint));
                }
            }
            return;
        default: return;
    }
}

void Watches::note(const ObjectChange& change) {
    const auto kind = change.ref.kind;
    if (!is_shown(kind) || !is_started_ || !on_the_way_.insert(kind).second) {
        return;
    }
    sim_.clock.call_in(sim_.pace.watch, [this, kind] {
        on_the_way_.erase(kind);
        reader_.mark(kind);
    });
}

const World& Watches::look() {
    for (const auto& kind : shown_kinds) {
        if (!is_started_) {
            reader_.mark(kind);
        }
    }
    is_started_ = true;
    return reader_.world();
}

bool is_shown(Kind kind) {
    return std::ranges::find(shown_kinds, kind) != shown_kinds.end();
}

}  // namespace deployctl::simcluster
