// SPDX-License-Identifier: Apache-2.0
// Where a play happens: the cluster with the app of the scenario, the journal, the clock, the plan
// that is to be walked, and the checker that watches. One a play; outlives its runners.
#pragma once

#include "engine/planning.hpp"
#include "simcluster/serial_ids.hpp"
#include "simcluster/sim_metrics.hpp"
#include "simulation/journals.hpp"
#include "simulation/scenario.hpp"
#include "simulation/witness_cluster.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <string>

namespace deployctl::simulation {

struct Particulars {
    std::string planted;  ///< a secret that must stand in nothing that is written; empty: none
    Medium medium = Medium::memory;
    Duration standstill{};  ///< for so long watches may show nothing new
};

class Theatre {
public:
    /// The world that time and runners change.
    struct Ground {
        Ground(const simcluster::Pace& pace, const std::string& kube_namespace, Medium medium)
            : cluster(clock, pace, kube_namespace), journals(clock, medium) {}

        /// Of a play whose runners share one.
        Store& store() { return journals.of(0); }

        simcluster::VirtualClock clock;
        simcluster::SimCluster cluster;
        simcluster::SimMetrics metrics{clock, {"web"}};
        Journals journals;
        simcluster::SerialIds ids;
        boost::asio::io_context loop;
        TaskShape tasks;
        int failed_contracts = 0;  ///< so far
    };

    /// Makes the world, and the plan for it.
    using Setting = std::function<engine::PlanDraft(Ground& ground)>;

    Theatre(const Scenario& scenario, EventLog event_log);

    Theatre(
        const simcluster::Pace& pace,
        const std::string& kube_namespace,
        const Setting& setting,
        const Particulars& particulars = {}
    );

    Ground ground;
    engine::PlanDraft draft;
    Checker checker;
    Turns turns;
    Scenery scenery;
    std::string log;  ///< empty where it is left out
};

}  // namespace deployctl::simulation
