// SPDX-License-Identifier: Apache-2.0
// Each rule about who may write, and what the journal may say, is broken on purpose, and caught.
#include "engine/lease_view.hpp"
#include "engine/plan_json.hpp"
#include "tests/simulation/hooligan.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const auto web = simcluster::in_shop(Kind::deployment, "web");
const auto& state_mark = engine::lease_mark::state;
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

TEST_CASE("the record is whoever's create lands first", "[simulation]") {
    Hooligan hooligan;
    hooligan.write(LeaseTaken{2, {}});
    hooligan.write(StepStarted{Direction::forward, 0, "prepare", ""});
    hooligan.put_record();
    CHECK(hooligan.broken().empty());
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
        if (takes_over) {
            checker.on_takeover("bob");
        }
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

TEST_CASE("a planted secret is shown, in an entry, a mark, or the plan: I32", "[simulation]") {
    const auto annotate = [](const std::string& text) {
        return JsonPatch{{PatchVerb::add, "/metadata/annotations/note", text}};
    };
    Hooligan quiet(StrategyKind::canary, "hunter2");
    quiet.put_record();
    quiet.change(web, annotate("hunter"));
    quiet.write(Noted{"hunter"});
    quiet.theatre().checker.on_plan(engine::without_literals(quiet.plan()), {});
    CHECK(quiet.broken().empty());
    Hooligan writes(StrategyKind::canary, "hunter2");
    writes.write(Noted{"the password is hunter2"});
    CHECK(writes.broken() == "I32");
    Hooligan marks(StrategyKind::canary, "hunter2");
    marks.put_record();
    marks.change(web, annotate("hunter2"));
    CHECK(marks.broken() == "I32");
    Hooligan keeps(StrategyKind::canary, "hunter2");
    keeps.theatre().checker.on_plan(engine::to_value(keeps.plan()), {});
    CHECK(keeps.broken() == "I32");
}

TEST_CASE(
    "somebody else's change is written over before anybody has decided: I33", "[simulation]"
) {
    const auto after = [](const std::string& cause, bool is_resumed) {
        Hooligan hooligan;
        hooligan.put_record();
        auto& clock = hooligan.theatre().ground.clock;
        hooligan.theatre().checker.on_edit(web, clock.elapsed());
        clock.advance(seconds(10));
        Cause found;
        found.kind = cause;
        found.changes = {"Deployment/web: pod template: label edited"};
        hooligan.write(CauseFound{found});
        hooligan.change_state(RolloutState::paused, Direction::forward);
        if (is_resumed) {
            hooligan.change_state(RolloutState::running, Direction::forward);
        }
        hooligan.scale("web", 3);
        return hooligan.has_broken("I33");
    };
    CHECK(after("drift", false));
    CHECK(after("gate", true));
    CHECK_FALSE(after("drift", true));
}

TEST_CASE("a size that somebody else has chosen is written over: I33", "[simulation]") {
    const auto after = [](int chosen, const JsonPatch& changes) {
        Hooligan hooligan;
        hooligan.put_record();
        auto& ground = hooligan.theatre().ground;
        ground.cluster.edit(web, [&](Value& object) { object.set("/spec/replicas", chosen); });
        hooligan.theatre().checker.on_edit(
            web, ground.clock.elapsed(), simulation::EditKind::replicas
        );
        ground.clock.advance(seconds(10));
        hooligan.change(web, changes);
        return hooligan.has_broken("I33");
    };
    CHECK(after(7, {{PatchVerb::replace, "/spec/replicas", 3}}));
    CHECK_FALSE(after(7, {{PatchVerb::add, "/spec/minReadySeconds", 3}}));
    CHECK_FALSE(after(4, {{PatchVerb::replace, "/spec/replicas", 3}}));  // as before the step
}

TEST_CASE(
    "what is decided about a template stays so whenever a size is changed: I33", "[simulation]"
) {
    enum class Decided { never, before, after };

    for (const auto decided : {Decided::never, Decided::before, Decided::after}) {
        CAPTURE(static_cast<int>(decided));
        Hooligan hooligan;
        hooligan.put_record();
        auto& clock = hooligan.theatre().ground.clock;
        const auto scale = [&] {
            auto& checker = hooligan.theatre().checker;
            checker.on_edit(web, clock.elapsed(), simulation::EditKind::replicas);
        };
        hooligan.theatre().checker.on_edit(web, clock.elapsed());
        Cause found;
        found.kind = "drift";
        found.changes = {"Deployment/web: pod template: label edited"};
        hooligan.write(CauseFound{found});
        if (decided == Decided::after) {
            scale();
        }
        if (decided != Decided::never) {
            hooligan.change_state(RolloutState::paused, Direction::forward);
            hooligan.change_state(RolloutState::running, Direction::forward);
        }
        if (decided != Decided::after) {
            scale();
        }
        clock.advance(seconds(10));
        hooligan.change(web, {{PatchVerb::add, "/spec/minReadySeconds", 3}});
        CHECK(hooligan.has_broken("I33") == (decided == Decided::never));
    }
}

TEST_CASE("a request is repeated at once, or before it was asked for: I34", "[simulation]") {
    const auto after = [](WriteAnswer answer, Duration pause, const std::string& request) {
        Hooligan hooligan;
        simulation::RequestSeen seen;
        seen.runner = "ada";
        seen.ref = web;
        seen.request = "1.1";
        seen.answer = answer;
        if (answer == WriteAnswer::throttled) {
            seen.retry_after = seconds(1);
        }
        hooligan.theatre().checker.on_answer(seen);
        seen.request = request;
        seen.sent = pause;
        hooligan.theatre().checker.on_answer(seen);
        return hooligan.broken();
    };
    CHECK(after(WriteAnswer::unknown, milliseconds(100), "1.1").empty());
    CHECK(after(WriteAnswer::unknown, milliseconds(90), "1.1") == "I34");
    CHECK(after(WriteAnswer::unknown, milliseconds(90), "1.2").empty());  // it was settled first
    CHECK(after(WriteAnswer::throttled, milliseconds(900), "1.2") == "I34");
    CHECK(after(WriteAnswer::throttled, seconds(1), "1.2").empty());
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

TEST_CASE("a weight that the pods of both sides do not make: I4", "[simulation]") {
    const std::vector<WeightRow> wrong{
        {120, 100, 0, 4}, {-5, 0, 4, 0}, {25, 40, 3, 1}, {25, 25, 0, 0}, {50, 50, -1, 1}
    };
    for (const auto& weight : wrong) {
        CAPTURE(weight.asked, weight.achieved, weight.stable, weight.candidate);
        Hooligan hooligan;
        hooligan.write(TrafficMoved{{25, 25, 3, 1}});
        hooligan.write(TrafficMoved{{0, 0, 4, 0}});
        CHECK(hooligan.broken().empty());
        hooligan.write(TrafficMoved{weight});
        CHECK(hooligan.broken() == "I4");
    }
}

TEST_CASE("a plan is carried out a second time: I25", "[simulation]") {
    Hooligan hooligan;
    hooligan.put_record();
    auto& checker = hooligan.theatre().checker;
    auto first = hooligan.record();
    first.id = "which-was-promoted";
    first.version = 1;
    const auto end = [&](RolloutState state) {
        const StateChanged change{RolloutState::running, state, Direction::forward, "", {}};
        first.state = RolloutState::running;
        checker.on_begin(1, first, {});
        checker.on_entry({{}, first.id, 2, 0, change, "bob", 1}, World{});
    };
    end(RolloutState::aborted);
    hooligan.change(web, claim);
    CHECK(hooligan.broken().empty());
    end(RolloutState::promoted);
    hooligan.change(web, claim);
    CHECK(hooligan.broken() == "I25");
}

// Nobody can know of the one; but it has left half of its work, or comes back for the Lease.
TEST_CASE("what a deleted Lease named is passed over, and is not over: I36", "[simulation]") {
    for (const bool is_half_done : {false, true}) {
        CAPTURE(is_half_done);
        Hooligan hooligan;
        auto& checker = hooligan.theatre().checker;
        hooligan.put_record();
        if (is_half_done) {
            hooligan.add_candidate(4);
            hooligan.scale(hooligan.plan().candidate, 5);
        }
        checker.on_edit(
            simcluster::in_shop(Kind::lease, "deployctl-web"), {}, simulation::EditKind::lease
        );
        auto second = hooligan.record();
        second.id = "another";
        second.version = 1;
        checker.on_begin(1, second, {});
        checker.on_entry({{}, second.id, 2, 0, LeaseTaken{2, {}}, "bob", 1}, World{});
        CHECK(hooligan.has_broken("I36") == is_half_done);
        hooligan.write(LeaseTaken{3, {}});
        CHECK(hooligan.has_broken("I36"));
    }
}

// Frozen in between, it has had the Lease, and is told by its next write that it lost it.
TEST_CASE("a Lease that it has had is told of when another one has the next: I36", "[simulation]") {
    for (const bool was_before : {true, false}) {
        CAPTURE(was_before);
        Hooligan hooligan;
        auto& theatre = hooligan.theatre();
        const auto& first = hooligan.record();
        const auto lease = simcluster::in_shop(Kind::lease, "deployctl-web");
        const auto take = [&](const std::string& holder, std::int64_t epoch) {
            theatre.ground.clock.advance(seconds(1));
            hooligan.hold_lease(holder, epoch);
        };
        const auto tell = [&](const RolloutId& id, const std::string& runner, int journal) {
            const auto now = theatre.ground.clock.elapsed();
            theatre.checker.on_entry({now, id, 2, 0, LeaseTaken{2, {}}, runner, journal}, World{});
        };
        hooligan.put_record();
        take("ada", 2);
        theatre.ground.cluster.erase(lease);
        theatre.checker.on_edit(lease, {}, simulation::EditKind::lease);
        auto second = first;
        second.id = "another";
        second.version = 1;
        theatre.checker.on_begin(1, second, {});
        take("bob", 3);
        tell(second.id, "bob", 1);
        if (!was_before) {
            take("ada", 4);
        }
        tell(first.id, "ada", 0);
        CHECK(hooligan.has_broken("I36") != was_before);
    }
}

TEST_CASE("two rollouts of one target are active: I36", "[simulation]") {
    Hooligan hooligan;
    auto second = hooligan.record();
    second.id = "another";
    hooligan.theatre().checker.on_begin(0, second, {});
    CHECK(hooligan.broken() == "I36");
}

TEST_CASE("what the Lease has called an end goes on: I14", "[simulation]") {
    Hooligan hooligan;
    const auto ref = simcluster::in_shop(Kind::lease, "deployctl-web");
    const auto is_caught_at = [&](const char* state) {
        hooligan.patch(ref, {{PatchVerb::add, annotation_pointer(state_mark), state}});
        return hooligan.has_broken("I14");
    };
    hooligan.hold_lease("ada", 1);
    for (const auto* state : {"running", "aborted", "running", "promoted", "promoted"}) {
        CHECK_FALSE(is_caught_at(state));
    }
    CHECK(is_caught_at("running"));
}

TEST_CASE("two rollouts of one target hold the Lease, in two journals: I36", "[simulation]") {
    Hooligan hooligan;
    auto& checker = hooligan.theatre().checker;
    auto second = hooligan.record();
    second.id = "another";
    second.version = 1;
    checker.on_begin(1, second, {});  // nobody there knows of the first
    CHECK(hooligan.broken().empty());
    checker.on_entry({{}, second.id, 2, 0, LeaseTaken{2, {}}, "bob", 1}, World{});
    CHECK(hooligan.broken() == "I36");
}
