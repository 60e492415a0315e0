// SPDX-License-Identifier: Apache-2.0
#include "engine/look.hpp"

#include "model/error.hpp"

#include <algorithm>
#include <vector>

namespace deployctl::engine {

namespace {

constexpr Duration catch_up_deadline = seconds(15);
constexpr Duration patience_with_watches = seconds(1);
constexpr Duration catch_up_interval = milliseconds(200);

const ObjectMeta* find_meta(const World& world, const ObjectRef& ref) {
    if (ref.kind == Kind::deployment) {
        const auto* workload = find_workload(world, ref.name);
        return workload == nullptr ? nullptr : &workload->meta;
    }
    if (ref.kind == Kind::service) {
        const auto* service = find_service(world, ref.name);
        return service == nullptr ? nullptr : &service->meta;
    }
    return nullptr;
}

bool is_watched(Kind kind) {
    return kind == Kind::deployment || kind == Kind::service;
}

}  // namespace

bool is_older(const std::string& left, const std::string& right) {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
}

Look::Look(Cluster& cluster, Clock& clock) : cluster_(cluster), clock_(clock) {}

void Look::note(const ObjectRef& ref, const Value& object) {
    if (!is_watched(ref.kind) || object.is_null()) {
        return;  // nothing that a look could show
    }
    const auto version = object.text("/metadata/resourceVersion");
    auto& newest = seen_[ref];
    if (is_older(newest, version)) {
        newest = version;
    }
}

bool Look::has_caught_up(const World& world) const {
    return std::ranges::all_of(seen_, [&](const auto& seen) {
        const auto* meta = find_meta(world, seen.first);
        return meta != nullptr && !is_older(meta->resource_version, seen.second);
    });
}

/// What somebody else has deleted no watch will show again.
Task<> Look::forget_deleted(World world) {
    std::vector<ObjectRef> hidden;
    for (const auto& [ref, version] : seen_) {
        if (find_meta(world, ref) == nullptr) {
            hidden.push_back(ref);
        }
    }
    for (const auto& ref : hidden) {
        const auto object = co_await cluster_.get(ref);
        if (!object) {
            seen_.erase(ref);
        }
    }
}

Task<World> Look::fresh() {
    const auto begun = clock_.boot_time();
    for (;;) {
        auto world = co_await cluster_.look();
        if (has_caught_up(world)) {
            co_return world;
        }
        const auto waited = clock_.boot_time() - begun;
        if (waited > patience_with_watches) {
            co_await forget_deleted(world);
        }
        if (waited > catch_up_deadline) {
            throw Error(ExitCode::stopped_watching, "the watches do not show what was written");
        }
        co_await cluster_.wait_for_change(catch_up_interval);
    }
}

}  // namespace deployctl::engine
