// SPDX-License-Identifier: Apache-2.0
// Each rule about how a play ends is broken on purpose, and caught.
#include "simcluster/builders.hpp"
#include "simulation/trial.hpp"
#include "tests/simulation/hooligan.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

simulation::Ending an_ending(Hooligan& hooligan, RolloutState state) {
    simulation::Ending ending;
    ending.record = hooligan.record();
    ending.record->state = state;
    ending.world = hooligan.theatre().ground.cluster.world();
    return ending;
}

std::string broken_by(Hooligan& hooligan, const simulation::Ending& ending) {
    hooligan.theatre().checker.on_end(ending, {});
    return hooligan.broken();
}

}  // namespace

TEST_CASE("a good end breaks no rule", "[simulation]") {
    Hooligan hooligan;
    CHECK(broken_by(hooligan, an_ending(hooligan, RolloutState::rolled_back)).empty());
}

TEST_CASE("a bad version is promoted: I12, and nothing of it stands: I15", "[simulation]") {
    Hooligan hooligan;
    auto ending = an_ending(hooligan, RolloutState::promoted);
    ending.is_bad_version = true;
    CHECK(broken_by(hooligan, ending) == "I12 I15");
}

TEST_CASE("it does not end, or not in time: I13", "[simulation]") {
    Hooligan lasting;
    CHECK(broken_by(lasting, an_ending(lasting, RolloutState::paused)) == "I13");
    Hooligan late;
    auto ending = an_ending(late, RolloutState::rolled_back);
    ending.took = late.plan().timeouts.rollout + minutes(2);
    CHECK(broken_by(late, ending) == "I13");
}

TEST_CASE(
    "what was aborted after another was promoted is judged by that one's end", "[simulation]"
) {
    Hooligan hooligan;
    const auto& next = hooligan.plan().release.pod_template;
    hooligan.theatre().ground.cluster.edit(in_shop(Kind::deployment, "web"), [&](Value& web) {
        web.set("/spec/template", next);
    });
    auto ending = an_ending(hooligan, RolloutState::aborted);
    ending.record->id = "00000009";
    CHECK(broken_by(hooligan, ending) == "I15");
    Hooligan second;
    second.change_state(RolloutState::promoted, Direction::forward);
    second.theatre().ground.cluster.edit(in_shop(Kind::deployment, "web"), [&](Value& web) {
        web.set("/spec/template", next);
    });
    ending.world = second.theatre().ground.cluster.world();
    CHECK(broken_by(second, ending).empty());
}

TEST_CASE("sizes, selectors or templates are not as they were: I15", "[simulation]") {
    const auto after = [](const ObjectRef& ref, const std::string& place, const Value& value) {
        Hooligan hooligan;
        hooligan.theatre().ground.cluster.edit(ref, [&](Value& one) { one.set(place, value); });
        return broken_by(hooligan, an_ending(hooligan, RolloutState::rolled_back));
    };
    const auto web = in_shop(Kind::deployment, "web");
    CHECK(after(web, "/spec/replicas", 3) == "I15");
    CHECK(after(web, "/spec/template/spec/containers/0/image", "registry/shop/web:v7") == "I15");
    CHECK(after(in_shop(Kind::service, "web"), "/spec/selector/track", "new") == "I15");
}

TEST_CASE("something is left that is no tombstone: I26", "[simulation]") {
    Hooligan hooligan;
    const auto id = hooligan.record().id;
    hooligan.theatre().ground.cluster.add(
        a_deployment("web-canary").replicas(0).annotation("deployctl.dev/rollout", id)
    );
    CHECK(broken_by(hooligan, an_ending(hooligan, RolloutState::rolled_back)) == "I26");
}

TEST_CASE("whoever goes on with what has ended writes: I27", "[simulation]") {
    Hooligan hooligan;
    auto ending = an_ending(hooligan, RolloutState::rolled_back);
    ending.writes_after_end = 1;
    CHECK(broken_by(hooligan, ending) == "I27");
}

TEST_CASE("mishaps change where it ends: I28", "[simulation]") {
    simulation::PlayResult undisturbed;
    undisturbed.end = "promoted";
    undisturbed.normal = "web x4";
    auto disturbed = undisturbed;
    CHECK_FALSE(simulation::ends_unlike(undisturbed, disturbed));
    disturbed.normal = "web x3";
    CHECK(simulation::ends_unlike(undisturbed, disturbed));
    disturbed.end = "rolled_back";
    CHECK_FALSE(simulation::ends_unlike(undisturbed, disturbed));
}

TEST_CASE("the same seed tells otherwise: I30", "[simulation]") {
    simulation::PlayResult one;
    one.log = "a\nb\n";
    auto other = one;
    CHECK_FALSE(simulation::differs(one, other));
    other.log = "a\nc\n";
    REQUIRE(simulation::differs(one, other));
    CHECK_THAT(*simulation::differs(one, other), Catch::Contains("line 2"));
}

TEST_CASE(
    "who has lost the journal goes back to another place, or not at all: I37", "[simulation]"
) {
    simulation::PlayResult with_journal;
    with_journal.normal = "web x4";
    auto without = with_journal;
    CHECK_FALSE(simulation::ends_unlike_with_journal(with_journal, without));
    without.normal = "web x3";
    CHECK(simulation::ends_unlike_with_journal(with_journal, without));
    without.normal = "web x4";
    without.violations.push_back({"I13", {}, "running"});
    CHECK_THAT(
        *simulation::ends_unlike_with_journal(with_journal, without), Catch::Contains("I13")
    );
}
