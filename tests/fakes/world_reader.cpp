// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/world_reader.hpp"

#include <algorithm>
#include <array>

namespace deployctl::tests {

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

template <class Object>
std::vector<Object> read_all(const ObjectTable& objects, Kind kind, Object (*read)(const Value&)) {
    std::vector<Object> all;
    for (const auto* object : objects.all(kind)) {
        all.push_back(read(*object));
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
    switch (kind) {
        case Kind::deployment: world_.workloads = read_all(objects, kind, read_workload); return;
        case Kind::replica_set:
            world_.replica_sets = read_all(objects, kind, read_replica_set);
            return;
        case Kind::pod: world_.pods = read_all(objects, kind, read_pod); return;
        case Kind::service: world_.services = read_all(objects, kind, read_service); return;
        case Kind::autoscaler:
            world_.autoscalers = read_all(objects, kind, read_autoscaler);
            return;
        case Kind::disruption_budget:
            world_.disruption_budgets = read_all(objects, kind, read_disruption_budget);
            return;
        case Kind::event: world_.notices = read_all(objects, kind, read_notice); return;
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

}  // namespace deployctl::tests
