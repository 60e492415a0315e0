// SPDX-License-Identifier: Apache-2.0
// A runner that stands still before a write, while another one without its journal takes over.
#include "engine/objects.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

/// The first line of a trace that says so, as the number of its write.
int write_of(Stage& stage, const std::string& what) {
    stage.start(StrategyKind::canary, "v2");
    std::istringstream trace(stage.faults.trace_text());
    int writes = 0;
    for (std::string line; std::getline(trace, line);) {
        const auto call = line.substr(line.find(' ') + 1);
        const bool is_write = call.starts_with("patch ") || call.starts_with("create ") ||
                              call.starts_with("append ") || call.starts_with("remove ") ||
                              call == "begin" || call == "make a request";
        writes += is_write ? 1 : 0;
        if (call == what) {
            return writes;
        }
    }
    return 0;
}

}  // namespace

TEST_CASE("a create that a frozen runner sends after it was replaced makes nothing", "[engine]") {
    Stage measured;
    const int creating = write_of(measured, "create Deployment/web-canary");
    REQUIRE(creating > 0);
    Stage stage;
    state::MemStore empty(stage.clock);
    std::string left;
    const auto candidate = in_shop(Kind::deployment, "web-canary");
    stage.faults.before_write(creating, [&] {
        stage.runners.say("ada@laptop", Liveness::dead);
        const auto back = stage.roll_back_from_cluster(empty);
        CHECK(back.rollout.state == RolloutState::rolled_back);
        left = stage.cluster.object(candidate).text("/metadata/uid");
    });
    const auto woken = stage.start(StrategyKind::canary, "v2");
    CHECK(woken.exit == ExitCode::locked);
    CHECK_FALSE(left.empty());
    const auto& now = stage.cluster.object(candidate);
    CHECK(now.text("/metadata/uid") == left);
    CHECK(now.has(annotation_pointer(mark::tombstone)));
    CHECK(stage.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
}
