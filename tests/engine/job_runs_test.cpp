// SPDX-License-Identifier: Apache-2.0
// A task that is a Job is run once, whatever becomes of the request that makes it.
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

struct WithJob : Stage {
    WithJob() {
        HookSettings hook;
        hook.name = "migrate";
        hook.job = "migrate.yaml";
        configuration.hooks.pre_deploy = {hook};
        tasks.jobs["migrate.yaml"] = Value::map({
            {"apiVersion", "batch/v1"},
            {"kind", "Job"},
            {"metadata", Value::map({{"name", "migrate"}})},
        });
        complete_jobs();
    }

    engine::RunResult begin() {
        engine::RunOptions options;
        options.initiator = "ada@laptop";
        const auto ports = ports_to(distant, store, runners);
        return run(engine::start(ports, draft(StrategyKind::canary, "v2").plan, options));
    }

    std::vector<Value> jobs() { return run(cluster.list({Kind::job})).items; }

    /// As the Job's controller does, within three seconds.
    void complete_jobs() {
        clock.call_in(seconds(3), [this] {
            for (const auto& job : jobs()) {
                const ObjectRef ref{Kind::job, "shop", job.text("/metadata/name")};
                cluster.edit(ref, [](Value& object) {
                    const auto complete = Value::map({{"type", "Complete"}, {"status", "True"}});
                    object.set("/status/conditions", Value::list({complete}));
                });
            }
            complete_jobs();
        });
    }

    FaultPlan network;
    FaultyCluster distant{cluster, network, clock};
};

/// Which write of the rollout makes the Job.
int write_of_job() {
    WithJob stage;
    CHECK(stage.begin().exit == ExitCode::done);
    CHECK(stage.jobs().size() == 1);
    std::istringstream calls(stage.network.trace_text());
    std::string call;
    int writes = 0;
    while (std::getline(calls, call)) {
        const auto is_of = [&call](const char* verb) { return call.find(verb) != call.npos; };
        writes += is_of(" patch ") || is_of(" create ") || is_of(" remove ") ? 1 : 0;
        if (is_of(" create Job/")) {
            return writes;
        }
    }
    UNSCOPED_INFO(stage.network.trace_text());
    FAIL("no Job was made");
    return 0;
}

}  // namespace

TEST_CASE(
    "a Job whose create lands late is found by whoever goes on, and not made twice", "[engine]"
) {
    const int write = write_of_job();
    const auto fault = GENERATE(Fault::late, Fault::lost_after, Fault::lost_before);
    CAPTURE(write, static_cast<int>(fault));
    WithJob stage;
    for (int one = write; one < write + 3; ++one) {
        stage.network.at_write(one, fault);
    }
    const auto result = stage.begin();
    CHECK(stage.network.has_struck());
    if (fault != Fault::lost_after) {
        CHECK(result.exit == ExitCode::paused);
        CHECK(result.cause->kind == "write_stuck");
    }
    if (result.exit == ExitCode::paused) {
        CHECK(stage.resume().exit == ExitCode::done);
    }
    stage.clock.advance(minutes(2));
    CHECK(stage.jobs().size() == 1);
}
