// SPDX-License-Identifier: Apache-2.0
#include "model/journal.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

Cause sample_cause() {
    Cause cause;
    cause.kind = "gate";
    cause.headline = "health: 3 of 4 requests failed";
    cause.stage = "25%";
    cause.subject = "health";
    cause.measured = "3 of 4";
    cause.limit = "0 %";
    cause.pods = {
        {"web-1", "web", "CrashLoopBackOff", "exit 1", {"panic", "bye"}}, {"web-2", "", "", "", {}}
    };
    cause.notices = {"web-1 BackOff x3"};
    cause.changes = {"image v1 -> v2"};
    cause.later = {"deadline"};
    return cause;
}

}  // namespace

TEST_CASE("each entry becomes one event with its type and step", "[model]") {
    const auto [entry, type, step] = GENERATE(table<Entry, std::string, std::optional<int>>({
        {RolloutBegun{"ada", "v1", "v2", StrategyKind::canary, 9}, "rollout.started", std::nullopt},
        {LeaseTaken{3, Runner{}}, "lock.acquired", std::nullopt},
        {StateChanged{RolloutState::running, RolloutState::paused, Direction::forward, "asked", {}},
         "rollout.state",
         std::nullopt},
        {StateChanged{
             RolloutState::running, RolloutState::promoted, Direction::forward, "", ExitCode::done
         },
         "rollout.finished",
         std::nullopt},
        {StepStarted{Direction::forward, 2, "25%", "scale candidate to 1"}, "step.started", 2},
        {StepFinished{Direction::forward, 2, "25%", StepResult::done, "", seconds(3)},
         "step.finished",
         2},
        {StepFinished{Direction::forward, 2, "25%", StepResult::failed, "", seconds(3)},
         "step.failed",
         2},
        {StepFinished{Direction::back, 0, "", StepResult::skipped, "", {}}, "step.skipped", 0},
        {IntentRecorded{"a1", Direction::forward, 2, EffectVerb::patch, ObjectRef{}, "", "f", "h"},
         "effect.intent",
         2},
        {OutcomeRecorded{"a1", AttemptState::applied, ""}, "effect.outcome", std::nullopt},
        {GateEvaluated{4, "health", Verdict{}, 1, 0}, "gate.evaluated", 4},
        {CauseFound{sample_cause()}, "rollout.cause", std::nullopt},
        {RequestTaken{7, RequestKind::abort, "ada", "wrong tag"}, "rollout.request", std::nullopt},
        {TrafficMoved{WeightRow{25, 25, 3, 1}}, "traffic.moved", std::nullopt},
        {Noted{"hello"}, "notice", std::nullopt},
    }));
    const auto event = to_event(entry);
    CHECK(event.type == type);
    CHECK(event.step == step);
    CHECK(event.data.is_object());
}

TEST_CASE("the data of an event says all of the entry", "[model]") {
    const auto intent = to_event(IntentRecorded{
        "a1",
        Direction::back,
        2,
        EffectVerb::create,
        {Kind::deployment, "shop", "web"},
        "web/1/1.1",
        "web/1/1.2",
        "hash",
    });
    CHECK(
        intent.data == Value::map({
                           {"attempt", "a1"},
                           {"direction", "back"},
                           {"verb", "create"},
                           {"object", "Deployment/web"},
                           {"fence_before", "web/1/1.1"},
                           {"fence_after", "web/1/1.2"},
                           {"request", "hash"},
                       })
    );
    const auto moved = to_event(TrafficMoved{WeightRow{10, 33.3, 2, 1}});
    CHECK(moved.data.real("/achieved_percent") == 33.3);
    const auto finished = to_event(
        StepFinished{Direction::forward, 1, "fold", StepResult::done, "", milliseconds(1500)}
    );
    CHECK(finished.data.real("/seconds") == 1.5);
}

TEST_CASE("an exit code stands in the event where there is one, else null", "[model]") {
    StateChanged change{
        RolloutState::rolling_back,
        RolloutState::rolled_back,
        Direction::back,
        "bad",
        ExitCode::rolled_back
    };
    CHECK(to_event(change).data.number("/exit") == 6);
    change.exit.reset();
    CHECK(to_event(change).data.has("/exit"));
    CHECK(to_event(change).data.at("/exit").is_null());
}

TEST_CASE(
    "a verdict is read back as it was written, of an older version without its ruling", "[model]"
) {
    Verdict verdict{Answer::fail, "why", "12", "10", Value::map({{"number", 12}})};
    GateRuled ruled{1, 2, milliseconds(1500), "cannot tell"};
    const bool is_old = GENERATE(false, true);
    if (is_old) {
        ruled = {};
    }
    const auto read =
        read_gate_evaluated(to_event(GateEvaluated{4, "queue", verdict, 0, 3, ruled}));
    REQUIRE(read);
    CHECK(read->step == 4);
    CHECK(read->gate == "queue");
    CHECK(read->verdict.answer == Answer::fail);
    CHECK(read->verdict.evidence == verdict.evidence);
    CHECK(read->bad_in_a_row == 3);
    CHECK(read->ruled.inconclusive_in_a_row == ruled.inconclusive_in_a_row);
    CHECK(read->ruled.waited == ruled.waited);
    CHECK(read->ruled.decision == ruled.decision);
    CHECK_FALSE(read_gate_evaluated(to_event(Noted{"hello"})));
}

TEST_CASE("a cause is read back as it was written", "[model]") {
    const auto cause = sample_cause();
    const auto back = read_cause(to_value(cause));
    CHECK(to_value(back) == to_value(cause));
    REQUIRE(back.pods.size() == 2);
    CHECK(back.pods[0].log == std::vector<std::string>{"panic", "bye"});
    CHECK(back.later == cause.later);
    CHECK(to_value(read_cause(Value())) == to_value(Cause{}));
}

TEST_CASE("a runner is read back as it was written", "[model]") {
    const Runner runner{"ada@laptop", "laptop", 4711, 88, "boot-1", "pid:[4026531836]"};
    CHECK(read_runner(to_value(runner)) == runner);
    const Runner of_an_older_version{"ada@laptop", "laptop", 4711, 88, "boot-1"};
    CHECK(read_runner(to_value(of_an_older_version)) == of_an_older_version);
    CHECK(read_runner(Value()) == Runner{});
}

TEST_CASE("the words of the journal", "[model]") {
    CHECK(std::string(to_text(AttemptState::not_applied)) == "not_applied");
    CHECK(std::string(to_text(AttemptState::unknown)) == "unknown");
    CHECK(std::string(to_text(RequestKind::advance)) == "advance");
    CHECK(std::string(to_text(StepResult::skipped)) == "skipped");
    CHECK(std::string(to_text(EffectVerb::create)) == "create");
}
