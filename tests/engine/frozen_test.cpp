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

TEST_CASE("the first write that a frozen runner sends after it was replaced is lost", "[engine]") {
    const std::string write = GENERATE(
        "create Deployment/web-canary",
        "patch Deployment/web-canary",
        "patch Deployment/web",
        "patch Service/web"
    );
    CAPTURE(write);
    Stage measured;
    const int number = write_of(measured, write);
    REQUIRE(number > 0);
    Stage stage;
    state::MemStore empty(stage.clock);
    std::vector<Value> left;
    const std::vector<ObjectRef> places{
        in_shop(Kind::deployment, "web"),
        in_shop(Kind::deployment, "web-canary"),
        in_shop(Kind::service, "web"),
    };
    stage.faults.before_write(number, [&] {
        stage.runners.say("ada@laptop", Liveness::dead);
        const auto back = stage.roll_back_from_cluster(empty);
        CHECK(back.rollout.state == RolloutState::rolled_back);
        for (const auto& place : places) {
            left.push_back(stage.cluster.object(place).at("/metadata/resourceVersion"));
        }
    });
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::locked);
    REQUIRE(left.size() == places.size());
    for (std::size_t index = 0; index < places.size(); ++index) {
        CAPTURE(to_text(places[index]));
        CHECK(stage.cluster.object(places[index]).at("/metadata/resourceVersion") == left[index]);
    }
    CHECK(stage.cluster.object(places[1]).has(annotation_pointer(mark::tombstone)));
    CHECK(stage.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
}
