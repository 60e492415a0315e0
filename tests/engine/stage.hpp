// SPDX-License-Identifier: Apache-2.0
// A stage for the engine's tests: the simulated cluster with four pods of v1 behind Service web, a
// journal in memory, virtual time. A runner that "dies" is followed by another one on the same
// stage. One thread.
#pragma once

#include "engine/planning.hpp"
#include "engine/rollout.hpp"
#include "simcluster/builders.hpp"
#include "simcluster/faulty_cluster.hpp"
#include "simcluster/faulty_store.hpp"
#include "simcluster/scripted_interrupts.hpp"
#include "simcluster/scripted_runners.hpp"
#include "simcluster/serial_ids.hpp"
#include "simcluster/silent_outside.hpp"
#include "simcluster/sim_cluster.hpp"
#include "simcluster/virtual_clock.hpp"
#include "state/mem_store.hpp"
#include "tests/fakes/recording_sink.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::tests {

using namespace simcluster;

class Stage {
public:
    explicit Stage(Pace pace = {});

    /// The configuration that `start` plans with; tests change it.
    Configuration configuration;
    Environment environment;
    std::vector<Value> manifests;     ///< brought out whole
    std::vector<Value> last_objects;  ///< of the release before
    engine::TaskInputs tasks;
    VirtualClock clock;
    SimCluster cluster;
    state::MemStore store;
    SerialIds ids;
    RecordingSink sink;
    ScriptedInterrupts interrupts;
    ScriptedRunners runners;
    SilentOutside beyond;
    ScriptedMetrics& metrics = beyond.metrics;
    FaultPlan faults;
    FaultyCluster faulty_cluster;
    FaultyStore faulty_store;
    Duration timeout{};  ///< `--timeout`
    engine::PausePolicy on_pause = engine::PausePolicy::leave;

    engine::PlanDraft draft(StrategyKind strategy, const std::string& tag);
    engine::RunResult start(StrategyKind strategy, const std::string& tag);
    /// With programs that gates may run.
    engine::RunResult start_with(Process& programs, StrategyKind strategy, const std::string& tag);
    engine::RunResult resume();
    engine::RunResult retry();
    engine::RunResult turn_back(RequestKind kind);
    engine::RunResult roll_back_from_cluster(Store& empty_store);
    /// The stage's ports with another way to its cluster, another journal or another runner.
    engine::Ports ports_to(Cluster& way, Store& journal, Runners& who);

    /// The runner is gone as by kill -9: from now on another one acts, and nothing goes wrong any
    /// more.
    void replace_runner();
    RolloutRecord newest();
    /// What a finished rollout leaves: image and size of web, candidate's size, selector of the
    /// Service.
    std::string end_state();
    /// From now on the ready pods behind Service web are counted; there are so many at least.
    void keep_ready(int floor);
    int fewest_ready() const;
    /// How long in all fewer than so many of them were ready.
    Duration time_below(int floor) const;

private:
    engine::Ports ports();
    engine::RunOptions options() const;

    struct Served {
        Duration since;
        int ready_endpoints;
    };

    std::vector<Served> served_;
    bool faults_are_over_ = false;
};

}  // namespace deployctl::tests
