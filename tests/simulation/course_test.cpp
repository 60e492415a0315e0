// SPDX-License-Identifier: Apache-2.0
// Each rule about which way a rollout goes is broken on purpose, and caught.
#include "tests/simulation/hooligan.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const auto web = simcluster::in_shop(Kind::deployment, "web");

JsonPatch next_template(const Hooligan& hooligan) {
    return {{PatchVerb::replace, "/spec/template", hooligan.plan().release.pod_template}};
}

}  // namespace

TEST_CASE("a version that a verdict spoke against gets more: I7", "[simulation]") {
    for (const auto* kind : {"gate", "manual"}) {
        Hooligan hooligan;
        hooligan.put_record();
        Cause cause;
        cause.kind = kind;
        hooligan.write(CauseFound{cause});
        hooligan.change_state(RolloutState::rolling_back, Direction::back);
        hooligan.direction = Direction::back;
        hooligan.change(web, next_template(hooligan));
        CHECK(hooligan.has_broken("I7") == (std::string(kind) == "gate"));
    }
}

TEST_CASE("forward the new version loses, or back it gains: I8", "[simulation]") {
    Hooligan forward;
    forward.put_record();
    forward.scale("web", 5);
    CHECK(forward.has_broken("I8"));
    Hooligan back;
    back.put_record();
    back.change_state(RolloutState::rolling_back, Direction::back);
    back.direction = Direction::back;
    back.change(web, next_template(back));
    CHECK(back.has_broken("I8"));
}

TEST_CASE("more of the baseline beside a candidate that serves takes from it: I8", "[simulation]") {
    const auto raise_baseline = [](int candidate) {
        Hooligan hooligan(StrategyKind::canary, "", CanaryBaseline::fresh);
        hooligan.put_record();
        if (candidate > 0) {
            hooligan.add_candidate(candidate);
        }
        hooligan.add_baseline();
        hooligan.scale("web-baseline", 1);
        return hooligan.has_broken("I8");
    };
    CHECK_FALSE(raise_baseline(0));
    CHECK(raise_baseline(2));
}

TEST_CASE("what goes back goes forward again without a retry: I8", "[simulation]") {
    Hooligan hooligan;
    hooligan.change_state(RolloutState::rolling_back, Direction::back);
    hooligan.change_state(RolloutState::paused, Direction::back);
    CHECK(hooligan.broken().empty());
    hooligan.change_state(RolloutState::running, Direction::forward);
    CHECK(hooligan.broken() == "I8");
}

TEST_CASE("blue-green: the live colour's template is written: I10", "[simulation]") {
    Hooligan hooligan(StrategyKind::blue_green);
    hooligan.put_record();
    hooligan.add_candidate(4);
    hooligan.change(web, next_template(hooligan));
    CHECK(hooligan.has_broken("I10"));
}

TEST_CASE(
    "the only colour that is left is written, or one that the other serves for", "[simulation]"
) {
    Hooligan alone(StrategyKind::blue_green);
    alone.put_record();
    alone.add_candidate(4);
    alone.scale(alone.plan().candidate, 0);  // its pods are still there when it is decided
    alone.change(web, next_template(alone));
    CHECK_FALSE(alone.has_broken("I10"));
    for (const bool reaches_both : {true, false}) {
        Hooligan hooligan(StrategyKind::blue_green);
        hooligan.put_record();
        hooligan.choose_pods(4);
        if (!reaches_both) {
            hooligan.select({{"chosen", "yes"}});
        }
        hooligan.add_candidate(4);
        hooligan.theatre().ground.clock.advance(seconds(10));  // every look shows them
        hooligan.change_state(RolloutState::rolling_back, Direction::back);
        hooligan.direction = Direction::back;
        hooligan.change(web, next_template(hooligan));
        CHECK(hooligan.has_broken("I10") == !reaches_both);
    }
}

TEST_CASE("blue-green: two colours are live: I10", "[simulation]") {
    Hooligan hooligan(StrategyKind::blue_green);
    hooligan.put_record();
    hooligan.select({{"app", "web"}, {"track", "old"}});
    hooligan.add_candidate(4);
    hooligan.select({{"app", "web"}});
    CHECK(hooligan.has_broken("I10"));
}

TEST_CASE("a claim of a Service that reaches both colours shows nobody anything", "[simulation]") {
    Hooligan hooligan(StrategyKind::blue_green);
    hooligan.put_record();
    const auto service = simcluster::in_shop(Kind::service, "web");
    hooligan.select({{"app", "web"}});  // as it is: what stays is the mark of a way forward
    hooligan.add_candidate(4);
    hooligan.change(service, {{PatchVerb::test, "/metadata/name", "web"}});
    CHECK(hooligan.broken().empty());
}
