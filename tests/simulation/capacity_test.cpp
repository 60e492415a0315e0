// SPDX-License-Identifier: Apache-2.0
// Each rule about how many pods serve is broken on purpose, and caught.
#include "tests/simulation/hooligan.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;

TEST_CASE("a set that serves is not scaled below the floor: I1", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.scale("web", 3);
    CHECK(hooligan.has_broken("I1"));
    CHECK_FALSE(hooligan.has_broken("I6"));
    CHECK_THAT(
        to_text(hooligan.theatre().checker.violations().front()),
        Catch::Contains("leaves Service web with 3 ready, at least 4")
    );
}

TEST_CASE("where others serve in its place, a set may shrink", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.add_candidate(2);
    hooligan.scale("web", 2);
    CHECK(hooligan.broken().empty());
}

TEST_CASE("fewer than the floor serve for longer than endpoints lag: I2", "[simulation]") {
    Hooligan hooligan;
    hooligan.theatre().ground.clock.advance(seconds(60));
    CHECK(hooligan.broken().empty());
    hooligan.theatre().ground.cluster.edit(
        simcluster::in_shop(Kind::deployment, "web"),
        [](Value& web) { web.set("/spec/replicas", 2); }
    );
    hooligan.theatre().ground.clock.advance(seconds(60));
    hooligan.theatre().ground.cluster.edit(
        simcluster::in_shop(Kind::service, "web"),
        [](Value& service) { service.set("/metadata/labels/touched", "yes"); }
    );
    CHECK(hooligan.broken() == "I2");
}

TEST_CASE("more replicas than the plan declares: I3", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.scale("web", 10);
    CHECK(hooligan.has_broken("I3"));
}

TEST_CASE("on the way forward a Service is pointed at too few pods: I5", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.choose_pods(3);
    hooligan.select({{"chosen", "yes"}});
    CHECK(hooligan.broken() == "I5");
}

TEST_CASE("a set behind a Service is scaled to nothing: I6", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.scale("web", 0);
    CHECK(hooligan.has_broken("I6"));
}

TEST_CASE("a selector that reaches nobody, or is empty: I9", "[simulation]") {
    for (const auto& selector : {Labels{{"app", "nobody"}}, Labels{}}) {
        Hooligan hooligan;
        hooligan.put_record();
        hooligan.select(selector);
        CHECK(hooligan.has_broken("I9"));
    }
}

TEST_CASE("on the way back traffic leaves those who serve it: I17", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.choose_pods(3);
    hooligan.change_state(RolloutState::rolling_back, Direction::back);
    hooligan.direction = Direction::back;
    hooligan.select({{"chosen", "yes"}});
    CHECK(hooligan.broken() == "I17");
}
