// SPDX-License-Identifier: Apache-2.0
// Each rule about who may write, and what the journal may say, is broken on purpose, and caught.
#include "tests/simulation/hooligan.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const auto web = simcluster::in_shop(Kind::deployment, "web");
const JsonPatch claim{{PatchVerb::test, "/metadata/name", "web"}};

}  // namespace

TEST_CASE("what keeps to the rules breaks none", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.change(web, claim);
    hooligan.change(web, claim);
    hooligan.write(Noted{"all is well"});
    hooligan.change_state(RolloutState::aborted, Direction::forward);
    hooligan.write(Noted{"audit"});
    CHECK(hooligan.broken().empty());
}

TEST_CASE("an end is followed by more than notes: I14", "[simulation]") {
    Hooligan hooligan;
    hooligan.change_state(RolloutState::aborted, Direction::forward);
    hooligan.write(StepStarted{Direction::forward, 0, "prepare", ""});
    CHECK(hooligan.broken() == "I14");
}

TEST_CASE("something is changed before the record stands: I16", "[simulation]") {
    Hooligan hooligan;
    hooligan.change(web, claim);
    CHECK(hooligan.broken() == "I16");
}

TEST_CASE("an intent forward after an abort was heard: I18", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.write(RequestTaken{1, RequestKind::pause, "eve", ""});
    hooligan.change(web, claim);
    CHECK(hooligan.broken().empty());
    hooligan.write(RequestTaken{2, RequestKind::abort, "eve", ""});
    hooligan.change(web, claim);
    CHECK(hooligan.broken() == "I18");
}

TEST_CASE("a request without an intent: I19", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.patch(web, claim);
    CHECK(hooligan.broken() == "I19");
}

TEST_CASE("an intent for another object is none: I19", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.intend(simcluster::in_shop(Kind::service, "web"), "one");
    hooligan.patch(web, claim);
    CHECK(hooligan.broken() == "I19");
}

TEST_CASE("two outcomes of one attempt: I20", "[simulation]") {
    Hooligan hooligan;
    hooligan.intend(web, "one");
    hooligan.write(OutcomeRecorded{"one", AttemptState::unknown, ""});
    hooligan.write(OutcomeRecorded{"one", AttemptState::applied, ""});
    CHECK(hooligan.broken().empty());
    // The store refuses it; a journal that does not has to be caught.
    const simulation::EntrySeen again{
        {},
        hooligan.record().id,
        hooligan.record().version + 1,
        0,
        OutcomeRecorded{"one", AttemptState::applied, ""}
    };
    hooligan.theatre().checker.on_entry(again, World{});
    CHECK(hooligan.broken() == "I20");
}

TEST_CASE("a state that cannot follow: I20", "[simulation]") {
    Hooligan hooligan;
    hooligan.change_state(RolloutState::pending, Direction::forward);
    CHECK(hooligan.broken() == "I20");
}

TEST_CASE("a version that is left out: I20", "[simulation]") {
    Hooligan hooligan;
    const simulation::EntrySeen later{
        {}, hooligan.record().id, hooligan.record().version + 2, 0, Noted{"too late"}
    };
    hooligan.theatre().checker.on_entry(later, World{});
    CHECK(hooligan.broken() == "I20");
}

TEST_CASE("a fence is written that is not higher: I21", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.seq = 7;
    hooligan.change(web, claim);
    hooligan.seq = 3;
    hooligan.change(web, claim);
    CHECK(hooligan.broken() == "I21");
}

TEST_CASE("an older epoch writes after a newer one has claimed everything: I22", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.write(LeaseTaken{2, {}});
    hooligan.change(web, claim);
    CHECK(hooligan.broken().empty());
    hooligan.write(StepStarted{Direction::forward, 0, "prepare", ""});
    hooligan.change(web, claim);
    CHECK(hooligan.broken() == "I22");
}

TEST_CASE("a weight is held for less than it has to be, by boot time: I11", "[simulation]") {
    const auto after = [](Duration held, RequestKind asked) {
        Hooligan hooligan;
        const auto& steps = hooligan.plan().course.steps;
        const auto hold = std::ranges::find_if(steps, [](const Step& one) {
            return std::holds_alternative<Hold>(one.action);
        });
        const auto index = static_cast<int>(hold - steps.begin());
        hooligan.write(StepStarted{Direction::forward, index, hold->stage, ""});
        hooligan.write(RequestTaken{1, asked, "eve", ""});
        auto& clock = hooligan.theatre().ground.clock;
        clock.advance(held);
        clock.jump_wall(minutes(90));
        hooligan.write(
            StepFinished{Direction::forward, index, hold->stage, StepResult::done, "", held}
        );
        return hooligan.broken();
    };
    CHECK(after(seconds(10), RequestKind::resume).empty());
    CHECK(after(seconds(9), RequestKind::resume) == "I11");
    CHECK(after(seconds(9), RequestKind::advance).empty());
}

TEST_CASE("two runners may trust the Lease at once: I23", "[simulation]") {
    const auto after = [](Duration silence, bool is_dead, bool takes_over) {
        Hooligan hooligan;
        hooligan.hold_lease("ada", 1);
        hooligan.theatre().ground.clock.advance(silence);
        auto& checker = hooligan.theatre().checker;
        checker.on_enter("bob", takes_over);
        if (is_dead) {
            checker.on_leave("ada");
        }
        hooligan.hold_lease("bob", 2);
        return hooligan.broken();
    };
    CHECK(after(seconds(30), false, false).empty());
    CHECK(after(seconds(15), true, false).empty());
    CHECK(after(seconds(15), false, true).empty());
    CHECK(after(seconds(15), false, false) == "I23");
}

TEST_CASE("what was done is delivered again, and lands: I24", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.change(web, claim);
    CHECK(hooligan.broken().empty());
    simulation::WriteSeen again;
    again.ref = web;
    again.verb = EffectVerb::patch;
    again.answer = WriteAnswer::done;
    again.after = hooligan.theatre().ground.cluster.object(web);
    again.before = again.after;
    again.fence = engine::fence_text_of(again.after);
    hooligan.theatre().checker.on_write(again);
    CHECK_FALSE(hooligan.has_broken("I24"));  // it was there already: nothing is changed
    again.before.set("/spec/replicas", 9);
    hooligan.theatre().checker.on_write(again);
    CHECK(hooligan.has_broken("I24"));
}

TEST_CASE("an object is tried for ever: I34", "[simulation]") {
    Hooligan hooligan;
    for (int attempt = 0; attempt < 40; ++attempt) {
        const auto id = std::to_string(attempt);
        hooligan.intend(web, id);
        hooligan.write(OutcomeRecorded{id, AttemptState::not_applied, ""});
    }
    CHECK(hooligan.broken() == "I34");
}

TEST_CASE("two rollouts of one target are active: I36", "[simulation]") {
    Hooligan hooligan;
    auto second = hooligan.record();
    second.id = "another";
    hooligan.theatre().checker.on_begin(second, {});
    CHECK(hooligan.broken() == "I36");
}
