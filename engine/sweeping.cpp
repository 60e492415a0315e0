// SPDX-License-Identifier: Apache-2.0
#include "engine/sweeping.hpp"

#include "engine/lease_view.hpp"
#include "engine/objects.hpp"

#include <map>
#include <string>
#include <utility>

namespace deployctl::engine {

namespace {

constexpr int most_rollouts = 1000;

/// The newest rollout of each app that stands in the place, and whether one has not ended.
struct App {
    RolloutRecord last;
    bool is_busy = false;
};

using Apps = std::map<std::string, App>;

Task<Apps> apps_of(SweptPlaces places, Target place) {
    RolloutFilter filter;
    filter.app = place.app;
    filter.at_most = most_rollouts;
    const auto rollouts = co_await places.store.list(filter);  // the newest first
    Apps apps;
    for (const auto& rollout : rollouts) {
        const bool is_here = rollout.target.kube_namespace == place.kube_namespace &&
                             rollout.target.cluster_uid == place.cluster_uid;
        if (is_here) {
            auto& app = apps.try_emplace(rollout.target.app, App{rollout}).first->second;
            app.is_busy = app.is_busy || !is_terminal(rollout.state);
        }
    }
    for (auto& [name, app] : apps) {
        const auto target = app.last.target;
        const auto lock = co_await view_lease(places.cluster, target);
        app.is_busy = app.is_busy || names_unfinished(lock);
    }
    co_return apps;
}

/// After its end a rollout has nothing but notes. False where somebody else has just written one.
Task<bool> note(Store& store, RolloutId id, std::string text) {
    const auto rollout = co_await store.find(id);
    std::vector<Entry> entries;
    entries.emplace_back(Noted{std::move(text)});
    const auto version = rollout ? rollout->version : 0;
    const auto answer = co_await store.append(id, version, entries);
    co_return answer.answer == AppendAnswer::committed;
}

}  // namespace

Task<std::vector<Leftover>> find_leftovers(SweptPlaces places, Target place) {
    const auto apps = co_await apps_of(places, place);
    std::vector<Leftover> found;
    if (apps.empty()) {
        co_return found;
    }
    const auto now = places.clock.now();
    const auto deployments = co_await list_all(places.cluster, Kind::deployment);
    for (const auto& deployment : deployments) {
        const auto app = apps.find(deployment.text(annotation_pointer(mark::app)));
        auto workload = read_workload(deployment);
        const bool is_idle = app != apps.end() && !app->second.is_busy;
        if (is_idle && is_old_leftover(workload, app->first, now)) {
            found.push_back({std::move(workload), app->second.last.id});
        }
    }
    co_return found;
}

Task<std::vector<ObjectRef>> remove_leftovers(SweptPlaces places, std::vector<Leftover> leftovers) {
    std::vector<ObjectRef> removed;
    for (const auto& one : leftovers) {
        const auto& body = one.workload.body;
        const ObjectRef ref{
            Kind::deployment, body.text("/metadata/namespace"), body.text("/metadata/name")
        };
        const auto before = "recover removes " + to_text(ref) + ", which an older rollout has left";
        const bool is_noted = co_await note(places.store, one.last, before);
        if (!is_noted) {
            continue;
        }
        const auto uid = body.text("/metadata/uid");
        const auto version = body.text("/metadata/resourceVersion");
        const auto reply = co_await places.cluster.remove(ref, uid, version);
        if (reply.answer == WriteAnswer::done) {
            removed.push_back(ref);
            continue;
        }
        const auto after =
            to_text(ref) + " was not removed: " +
            (reply.message.empty() ? deployctl::to_text(reply.answer) : reply.message);
        co_await note(places.store, one.last, after);
    }
    co_return removed;
}

}  // namespace deployctl::engine
