// SPDX-License-Identifier: Apache-2.0
// Where a play happens: the cluster with the app of the scenario, the journal, the clock, the plan
// that is to be walked, and the checker that watches. One a play; outlives its runners.
#pragma once

#include "engine/planning.hpp"
#include "simcluster/serial_ids.hpp"
#include "simulation/scenario.hpp"
#include "simulation/witness_cluster.hpp"
#include "state/mem_store.hpp"

#include <boost/asio/io_context.hpp>

#include <string>

namespace deployctl::simulation {

class Theatre {
public:
    Theatre(const Scenario& scenario, EventLog event_log);

    /// The world that time and runners change.
    struct Ground {
        explicit Ground(const simcluster::Pace& pace) : cluster(clock, pace), store(clock) {}

        simcluster::VirtualClock clock;
        simcluster::SimCluster cluster;
        state::MemStore store;
        simcluster::SerialIds ids;
        boost::asio::io_context loop;
    };

    Ground ground;
    engine::PlanDraft draft;
    Checker checker;
    Turns turns;
    Scenery scenery;
    std::string log;  ///< empty where it is left out
};

}  // namespace deployctl::simulation
