// SPDX-License-Identifier: Apache-2.0
// Everything that gates ask, as fakes that a test scripts, and a rollout of Deployment web to v2
// with one ready pod of it. One thread.
#pragma once

#include "gates/gate.hpp"
#include "simcluster/run.hpp"
#include "simcluster/scripted_metrics.hpp"
#include "simcluster/scripted_tasks.hpp"
#include "simcluster/sim_cluster.hpp"
#include "simcluster/virtual_clock.hpp"
#include "state/mem_store.hpp"
#include "tests/fakes/fake_assessor.hpp"
#include "tests/fakes/fake_files.hpp"
#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/fake_process.hpp"
#include "tests/fakes/fake_registry.hpp"

#include <memory>
#include <string>

namespace deployctl::tests {

struct GateBench {
    simcluster::VirtualClock clock;
    BootTime began = clock.boot_time();
    simcluster::SimCluster cluster{clock};
    simcluster::ScriptedMetrics metrics;
    FakeHttp web;
    FakeProcess programs;
    FakeFiles files;
    FakeRegistry images;
    FakeAssessor assessor;
    simcluster::ScriptedTasks tasks;
    state::MemStore journal{clock};

    gates::Sources sources() {
        return {
            cluster, journal, clock, {metrics, web, programs, files, images, assessor, tasks}, {}
        };
    }

    gates::Subjects subjects() const {
        gates::Subjects subjects;
        subjects.candidate = {"web-canary-a"};
        subjects.stable = {"web-1"};
        subjects.names = {
            {"app", "web"},
            {"env", "production"},
            {"namespace", "shop"},
            {"version", "v2"},
            {"previous_version", "v1"},
            {"image", "registry/shop/web:v2"},
        };
        subjects.at = clock.boot_time();
        subjects.since = began;
        return subjects;
    }

    /// One sample of a gate made anew.
    Verdict ask(const GateQuestion& question) {
        const auto gate = gates::make_gate(question, sources());
        return simcluster::run(gate->sample(subjects()));
    }
};

}  // namespace deployctl::tests
