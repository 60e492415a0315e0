// SPDX-License-Identifier: Apache-2.0
// Another machine on a Stage: the same cluster, a journal of its own, another runner. Holds a
// reference to the stage; one thread.
#pragma once

#include "engine/adoption.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <string>

namespace deployctl::tests {

using namespace simcluster;

struct Elsewhere {
    explicit Elsewhere(Stage& where) : stage(where), store(where.clock) {}

    engine::Ports ports() { return stage.ports_to(cluster, journal, runners); }

    Target target() { return {"web", "", "shop", run(stage.cluster.identify()).uid}; }

    engine::RunResult start(const std::string& tag, const std::string& app = "web") {
        auto plan = stage.draft(StrategyKind::canary, tag).plan;
        plan.target.app = app;
        return run(engine::start(ports(), plan, options()));
    }

    engine::RunResult roll_back_from_cluster() {
        return run(engine::roll_back_from_cluster(ports(), "web", target(), options()));
    }

    engine::Adoption adopt() { return run(engine::adopt(ports(), target(), options())); }

    RolloutRecord newest() { return run(store.list({})).at(0); }

    engine::RunResult resume() { return run(engine::resume(ports(), newest(), options())); }

    engine::RunResult turn_back(RequestKind kind) {
        return run(engine::turn_back(ports(), newest(), kind, options()));
    }

    engine::RunOptions options() const {
        engine::RunOptions options;
        options.initiator = "bob@desk";
        options.lock = lock;
        return options;
    }

    Stage& stage;
    engine::LockPolicy lock = engine::LockPolicy::wait;
    FaultPlan faults;
    FaultyCluster cluster{stage.cluster, faults, stage.clock};
    state::MemStore store;
    FaultyStore journal{store, faults};
    ScriptedRunners runners{"bob@desk", 900};
};

}  // namespace deployctl::tests
