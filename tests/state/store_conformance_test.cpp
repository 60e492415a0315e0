// SPDX-License-Identifier: Apache-2.0
// What every Store must do, tried on each of them.
#include "simcluster/faulty_store.hpp"
#include "state/mem_store.hpp"
#include "state/sqlite_store.hpp"
#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

struct InMemory {
    StillClock clock;
    state::MemStore store{clock};
};

struct InSqlite {
    TempFolder folder;
    StillClock clock;
    state::SqliteStore store{{folder / "state.db"}, clock};
};

std::vector<std::string> types_of(const std::vector<Event>& events) {
    std::vector<std::string> types;
    for (const auto& event : events) {
        types.push_back(event.type);
    }
    return types;
}

std::vector<std::int64_t> numbers_of(const std::vector<RolloutRecord>& records) {
    std::vector<std::int64_t> numbers;
    for (const auto& record : records) {
        numbers.push_back(record.number);
    }
    return numbers;
}

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

}  // namespace

TEMPLATE_TEST_CASE(
    "a begun rollout is kept as it was given, with number, version and time",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    const auto answer = run(in.store.begin(a_rollout(1)));
    CHECK(answer.kind == BeginAnswer::Kind::begun);
    const auto record = run(in.store.find(id_of(1))).value();
    CHECK(record.id == id_of(1));
    CHECK(record.number == 1);
    CHECK(record.version == 1);
    CHECK(record.version == answer.rollout.version);
    CHECK(record.target == Target{"web", "production", "shop", "cluster-1"});
    CHECK(record.context == "kind-shop");
    CHECK(record.strategy == StrategyKind::canary);
    CHECK(record.state == RolloutState::pending);
    CHECK(record.direction == Direction::forward);
    CHECK(record.previous_version + record.next_version == "v1v2");
    CHECK(record.digest == "sha256:abc");
    CHECK(record.plan_hash == "f00d");
    CHECK(record.initiator == "ada@laptop");
    CHECK(record.reason == "release day");
    CHECK(record.started == in.clock.now());
    CHECK_FALSE(record.ended);
    CHECK_FALSE(record.exit);
    CHECK(types_of(run(in.store.events(id_of(1), 0))) == Texts{"rollout.started"});
}

TEMPLATE_TEST_CASE("a plan comes back as it went in", "[state]", InMemory, InSqlite) {
    TestType in;
    const auto given = a_rollout(1);
    begin(in.store, 1);
    CHECK(run(in.store.plan(id_of(1))) == given.plan);
    CHECK(run(in.store.plan(id_of(2))).is_null());
}

TEMPLATE_TEST_CASE("at most one rollout of a target is under way", "[state]", InMemory, InSqlite) {
    TestType in;
    begin(in.store, 1);
    const auto refused = run(in.store.begin(a_rollout(2)));
    CHECK(refused.kind == BeginAnswer::Kind::another_is_active);
    CHECK(refused.rollout.id == id_of(1));
    CHECK_FALSE(run(in.store.find(id_of(2))));

    SECTION("the environment does not make another target") {
        auto renamed = a_rollout(3);
        renamed.record.target.environment = "staging";
        const auto answer = run(in.store.begin(renamed));
        CHECK(answer.kind == BeginAnswer::Kind::another_is_active);
    }
    SECTION("another namespace does") {
        auto elsewhere = a_rollout(3);
        elsewhere.record.target.kube_namespace = "shop-blue";
        const auto answer = run(in.store.begin(elsewhere));
        CHECK(answer.kind == BeginAnswer::Kind::begun);
        CHECK(answer.rollout.number == 2);
    }
}

TEMPLATE_TEST_CASE("an ended rollout frees its target", "[state]", InMemory, InSqlite) {
    TestType in;
    const auto end = GENERATE(
        RolloutState::promoted,
        RolloutState::rolled_back,
        RolloutState::aborted,
        RolloutState::superseded
    );
    begin(in.store, 1);
    in.clock.advance(minutes(3));
    append(in.store, 1, 1, {the_end(RolloutState::pending, end, ExitCode::done, "all is well")});
    const auto record = run(in.store.find("1")).value();
    CHECK(record.state == end);
    CHECK(record.ended == in.clock.now());
    CHECK(record.exit == ExitCode::done);
    CHECK(record.end_reason == "all is well");
    const auto next = run(in.store.begin(a_rollout(2)));
    CHECK(next.kind == BeginAnswer::Kind::begun);
    CHECK(next.rollout.number == 2);
}

TEMPLATE_TEST_CASE(
    "an append needs the version that its writer saw", "[state]", InMemory, InSqlite
) {
    TestType in;
    begin(in.store, 1);
    const auto first = append(in.store, 1, 1, {Noted{"one"}});
    CHECK(first.answer == AppendAnswer::committed);
    CHECK(first.version == 2);
    const auto stale = append(in.store, 1, 1, {Noted{"two"}});
    CHECK(stale.answer == AppendAnswer::conflict);
    CHECK(stale.version == 2);
    CHECK(stale.events.empty());
    CHECK(run(in.store.events(id_of(1), 0)).size() == 2);
    CHECK(message_of([&] {
              append(in.store, 9, 1, {Noted{"x"}});
          }).find("does not know the rollout") != std::string::npos);
}

TEMPLATE_TEST_CASE("an append writes all entries or none", "[state]", InMemory, InSqlite) {
    TestType in;
    begin(in.store, 1);
    const std::vector<Entry> entries{
        an_intent("a-1"),
        OutcomeRecorded{"a-1", AttemptState::applied, ""},
        OutcomeRecorded{"never", AttemptState::applied, ""}
    };
    CHECK_THROWS_AS(append(in.store, 1, 1, entries), std::logic_error);
    CHECK(run(in.store.find("1")).value().version == 1);
    CHECK(run(in.store.events(id_of(1), 0)).size() == 1);
    CHECK(run(in.store.open_attempts(id_of(1))).empty());
    CHECK(append(in.store, 1, 1, {an_intent("a-1")}).events.at(0).seq == 2);
}

TEMPLATE_TEST_CASE(
    "events are numbered by target and read by rollout", "[state]", InMemory, InSqlite
) {
    TestType in;
    begin(in.store, 1);
    begin(in.store, 2, "api");
    const auto written = append(in.store, 1, 1, {Noted{"one"}, Noted{"two"}});
    CHECK(written.events.at(0).seq == 2);
    CHECK(written.events.at(1).seq == 3);
    append(
        in.store,
        1,
        2,
        {the_end(RolloutState::pending, RolloutState::aborted, ExitCode::blocked, "no")}
    );
    begin(in.store, 3);

    const auto later = run(in.store.events(id_of(1), 2));
    REQUIRE(later.size() == 2);
    CHECK(later[0].data.text("/text") == "two");
    CHECK(later[0].seq == 3);
    CHECK(later[0].at == in.clock.now());
    CHECK(later[0].rollout == id_of(1));
    CHECK(later[0].number == 1);
    CHECK(later[0].environment == "production");
    CHECK(later[1].type == "rollout.finished");
    CHECK(run(in.store.events(id_of(2), 0)).at(0).seq == 1);
    CHECK(run(in.store.events(id_of(3), 0)).at(0).seq == 5);
    CHECK(run(in.store.events(id_of(1), 99)).empty());
    CHECK(run(in.store.events(id_of(9), 0)).empty());
}

TEMPLATE_TEST_CASE("every entry becomes the event that it is", "[state]", InMemory, InSqlite) {
    TestType in;
    begin(in.store, 1);
    Cause cause;
    cause.kind = "gate";
    GateEvaluated gate{
        3, "errors", {Answer::fail, "5 %", "11 of 20", "0 %", Value::map({{"ratio", 0.55}})}, 0, 1
    };
    const std::vector<Entry> entries{
        RolloutBegun{"ada", "v1", "v2", StrategyKind::rolling, 4},
        LeaseTaken{3, {"ada@laptop", "laptop", 42, 4242, "boot-1"}},
        to_state(RolloutState::pending, RolloutState::running),
        StepStarted{Direction::forward, 2, "25%", "scale candidate to 2"},
        StepFinished{Direction::forward, 2, "25%", StepResult::done, "", seconds(4)},
        an_intent("a-1"),
        OutcomeRecorded{"a-1", AttemptState::applied, "as sent"},
        gate,
        CauseFound{cause},
        RequestTaken{7, RequestKind::pause, "ada", "lunch"},
        TrafficMoved{{25, 20, 4, 1}},
        Noted{"hello"},
    };
    const auto written = append(in.store, 1, 1, entries).events;
    const auto read = run(in.store.events(id_of(1), 1));
    REQUIRE(written.size() == entries.size());
    REQUIRE(read.size() == entries.size());
    for (std::size_t at = 0; at < entries.size(); ++at) {
        const auto expected = to_event(entries[at]);
        CHECK(read[at].type == expected.type);
        CHECK(read[at].step == expected.step);
        CHECK(differing_paths(read[at].data, expected.data) == Texts{});
        CHECK(written[at].type == expected.type);
        CHECK(written[at].seq == read[at].seq);
        CHECK(written[at].at == read[at].at);
    }
}

TEMPLATE_TEST_CASE("the record follows the entries", "[state]", InMemory, InSqlite) {
    TestType in;
    begin(in.store, 1);
    const Runner runner{"ci:acme run=881", "ci-4", 42, 4242, "boot-1"};
    append(
        in.store, 1, {LeaseTaken{3, runner}, to_state(RolloutState::pending, RolloutState::running)}
    );
    append(in.store, 1, {StepStarted{Direction::forward, 2, "25%", "scale"}});
    const auto during = run(in.store.find("1")).value();
    CHECK(during.state == RolloutState::running);
    CHECK(during.epoch == 3);
    CHECK(during.owner == runner);
    CHECK(during.step == 2);
    CHECK(during.version == 3);

    append(
        in.store, 1, {StepFinished{Direction::forward, 2, "25%", StepResult::done, "", seconds(4)}}
    );
    CHECK(run(in.store.find("1")).value().step == 3);
    append(
        in.store,
        1,
        {StepFinished{Direction::forward, 3, "25%", StepResult::failed, "", seconds(4)}}
    );
    CHECK(run(in.store.find("1")).value().step == 3);

    append(
        in.store, 1, {to_state(RolloutState::running, RolloutState::rolling_back, Direction::back)}
    );
    const auto back = run(in.store.find("1")).value();
    CHECK(back.direction == Direction::back);
    CHECK(back.step == 0);
    append(
        in.store, 1, {StepFinished{Direction::forward, 5, "", StepResult::done, "", seconds(1)}}
    );
    CHECK(run(in.store.find("1")).value().step == 0);
    append(
        in.store, 1, {StepFinished{Direction::back, 0, "", StepResult::skipped, "", seconds(1)}}
    );
    CHECK(run(in.store.find("1")).value().step == 1);
}

TEMPLATE_TEST_CASE(
    "why a runner left stays until the next one goes on", "[state]", InMemory, InSqlite
) {
    TestType in;
    begin(in.store, 1);
    append(in.store, 1, {to_state(RolloutState::pending, RolloutState::running)});
    append(
        in.store,
        1,
        {the_end(RolloutState::running, RolloutState::paused, ExitCode::paused, "asked to pause")}
    );
    const auto paused = run(in.store.find("1")).value();
    CHECK(paused.exit == ExitCode::paused);
    CHECK(paused.end_reason == "asked to pause");
    CHECK_FALSE(paused.ended);
    append(in.store, 1, {to_state(RolloutState::paused, RolloutState::running)});
    const auto again = run(in.store.find("1")).value();
    CHECK_FALSE(again.exit);
    CHECK(again.end_reason.empty());
}

TEMPLATE_TEST_CASE(
    "a state change must start from the state that is, and an end is an end",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    begin(in.store, 1);
    CHECK_THROWS_AS(
        append(in.store, 1, {to_state(RolloutState::running, RolloutState::paused)}),
        std::logic_error
    );
    append(
        in.store,
        1,
        {the_end(RolloutState::pending, RolloutState::aborted, ExitCode::blocked, "no")}
    );
    CHECK_THROWS_AS(
        append(in.store, 1, {to_state(RolloutState::aborted, RolloutState::running)}),
        std::logic_error
    );
    const auto remark = append(in.store, 1, {Noted{"seen"}});
    CHECK(remark.answer == AppendAnswer::committed);
}

TEMPLATE_TEST_CASE("an attempt is open until its outcome is known", "[state]", InMemory, InSqlite) {
    TestType in;
    begin(in.store, 1);
    auto create = an_intent("a-2");
    create.verb = EffectVerb::create;
    create.direction = Direction::back;
    create.object = {Kind::endpoint_slice, "shop", "web-canary"};
    create.fence_before = "";
    append(in.store, 1, {an_intent("a-1"), create, an_intent("a-3")});
    append(
        in.store,
        1,
        {OutcomeRecorded{"a-1", AttemptState::applied, ""},
         OutcomeRecorded{"a-2", AttemptState::unknown, "cut off"}}
    );

    const auto open = run(in.store.open_attempts(id_of(1)));
    REQUIRE(open.size() == 2);
    CHECK(open[0].state == AttemptState::unknown);
    CHECK(open[0].intent.attempt == "a-2");
    CHECK(open[0].intent.direction == Direction::back);
    CHECK(open[0].intent.step == 2);
    CHECK(open[0].intent.verb == EffectVerb::create);
    CHECK(open[0].intent.object == create.object);
    CHECK(open[0].intent.fence_before.empty());
    CHECK(open[0].intent.fence_after == "web/1234/1.2");
    CHECK(open[0].intent.request_hash == "beef");
    CHECK(open[1].state == AttemptState::intent);
    CHECK(open[1].intent.attempt == "a-3");

    append(
        in.store,
        1,
        {OutcomeRecorded{"a-2", AttemptState::not_applied, ""},
         OutcomeRecorded{"a-3", AttemptState::refused, ""}}
    );
    CHECK(run(in.store.open_attempts(id_of(1))).empty());
    CHECK_THROWS_AS(
        append(in.store, 1, {OutcomeRecorded{"a-2", AttemptState::applied, ""}}), std::logic_error
    );
    CHECK_THROWS_AS(append(in.store, 1, {an_intent("a-3")}), std::logic_error);
}

TEMPLATE_TEST_CASE(
    "the cause is kept whole, the latest word of it", "[state]", InMemory, InSqlite
) {
    TestType in;
    begin(in.store, 1);
    CHECK_FALSE(run(in.store.cause(id_of(1))));
    Cause cause{
        "gate",
        "too many errors",
        "25%",
        "errors",
        "11 of 20",
        "0 %",
        {{"web-1", "web", "Error", "exit 1", {"oh no"}}},
        {"Back-off"},
        {"image"},
        {}
    };
    append(in.store, 1, {CauseFound{cause}});
    cause.later = {"a pod crashed, too"};
    append(in.store, 1, {CauseFound{cause}});
    const auto kept = run(in.store.cause(id_of(1))).value();
    CHECK(differing_paths(to_value(kept), to_value(cause)) == Texts{});
}

TEMPLATE_TEST_CASE(
    "a request waits until an entry says that it was taken", "[state]", InMemory, InSqlite
) {
    TestType in;
    const auto record = begin(in.store, 1);
    begin(in.store, 2, "api");
    run(in.store.make_request(id_of(1), {0, RequestKind::pause, "ada", "lunch"}));
    run(in.store.make_request(id_of(2), {0, RequestKind::abort, "bob", ""}));
    run(in.store.make_request(id_of(1), {0, RequestKind::resume, "ada", "back"}));

    const auto pending = run(in.store.pending_requests(id_of(1)));
    REQUIRE(pending.size() == 2);
    CHECK(pending[0].kind == RequestKind::pause);
    CHECK(pending[0].by == "ada");
    CHECK(pending[0].reason == "lunch");
    CHECK(pending[0].id < pending[1].id);
    CHECK(pending[1].kind == RequestKind::resume);

    // Anybody may ask: it does not disturb the one who writes.
    append(
        in.store,
        1,
        record.version,
        {RequestTaken{pending[0].id, RequestKind::pause, "ada", "lunch"}}
    );
    const auto left = run(in.store.pending_requests(id_of(1)));
    REQUIRE(left.size() == 1);
    CHECK(left[0].id == pending[1].id);
    CHECK(run(in.store.pending_requests(id_of(2))).size() == 1);
    CHECK(message_of([&] {
              run(in.store.make_request(id_of(9), {}));
          }).find("does not know") != std::string::npos);
}

TEMPLATE_TEST_CASE("the list is newest first and filtered", "[state]", InMemory, InSqlite) {
    TestType in;
    begin(in.store, 1);
    append(
        in.store, 1, {the_end(RolloutState::pending, RolloutState::promoted, ExitCode::done, "")}
    );
    in.clock.advance(minutes(10));
    const auto ten_past = in.clock.now();
    begin(in.store, 2, "api");
    auto staging = a_rollout(3);
    staging.record.target.environment = "staging";
    run(in.store.begin(staging));

    const auto listed = [&](RolloutFilter filter) {
        return numbers_of(run(in.store.list(std::move(filter))));
    };
    CHECK(listed({}) == Numbers{3, 2, 1});
    CHECK(listed({RolloutFilter::Which::active, "", "", {}, 50}) == Numbers{3, 2});
    CHECK(listed({RolloutFilter::Which::all, "web", "", {}, 50}) == Numbers{3, 1});
    CHECK(listed({RolloutFilter::Which::all, "", "production", {}, 50}) == Numbers{2, 1});
    CHECK(listed({RolloutFilter::Which::all, "", "", ten_past, 50}) == Numbers{3, 2});
    CHECK(listed({RolloutFilter::Which::all, "", "", {}, 1}) == Numbers{3});
    CHECK(listed({RolloutFilter::Which::active, "nobody", "", {}, 50}) == Numbers{});
    CHECK(listed({RolloutFilter::Which::all, "", "", {}, -1}) == Numbers{});
}

TEMPLATE_TEST_CASE(
    "asked by their ends, what is under way is first, then the last to end",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    const auto end = [&in](int n) {
        in.clock.advance(minutes(1));
        append(
            in.store,
            n,
            {the_end(RolloutState::pending, RolloutState::promoted, ExitCode::done, "")}
        );
    };
    for (const auto n : {1, 2, 3, 4}) {
        auto made = a_rollout(n);
        made.record.target.kube_namespace = "shop-" + std::to_string(n);
        run(in.store.begin(made));
        in.clock.advance(minutes(1));
    }
    end(3);
    end(1);
    end(4);
    RolloutFilter filter;
    filter.order = RolloutFilter::Order::end;
    CHECK(numbers_of(run(in.store.list(filter))) == Numbers{2, 4, 1, 3});
    filter.at_most = 3;
    CHECK(numbers_of(run(in.store.list(filter))) == Numbers{2, 4, 1});
    filter.which = RolloutFilter::Which::active;
    CHECK(numbers_of(run(in.store.list(filter))) == Numbers{2});
}

TEMPLATE_TEST_CASE(
    "a rollout is found by number, id or a prefix that fits one alone",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    begin(in.store, 1);
    auto other = a_rollout(2, "api");
    other.record.id = "0198f4d3-0000-7000-8000-000000000002";
    run(in.store.begin(other));

    const auto number_of = [&](const std::string& reference) {
        const auto found = run(in.store.find(reference));
        return found ? found->number : 0;
    };
    CHECK(number_of("1") == 1);
    CHECK(number_of("2") == 2);
    CHECK(number_of("3") == 0);
    CHECK(number_of("0") == 0);
    CHECK(number_of("-1") == 0);
    CHECK(number_of("01") == 0);
    CHECK(number_of(id_of(1)) == 1);
    CHECK(number_of("0198f3") == 1);
    CHECK(number_of("0198f4") == 2);
    CHECK(number_of("0198f") == 0);
    CHECK(number_of("0198f9") == 0);
    CHECK(number_of("") == 0);
    begin(in.store, 3, "jobs");
    CHECK(number_of("0198f3") == 0);
    CHECK(number_of(id_of(3)) == 3);
}

TEMPLATE_TEST_CASE("text and numbers survive whatever is in them", "[state]", InMemory, InSqlite) {
    TestType in;
    auto rollout = a_rollout(1);
    rollout.record.reason = "it's; DROP TABLE events; -- \"quoted\" \xe2\x9c\x93";
    rollout.plan = Value::map(
        {{"big", INT64_MAX},
         {"small", INT64_MIN},
         {"real", 1.0},
         {"text", "a\nb\0c"},
         {"none", nullptr}}
    );
    run(in.store.begin(rollout));
    CHECK(run(in.store.find("1")).value().reason == rollout.record.reason);
    CHECK(run(in.store.plan(id_of(1))) == rollout.plan);
    CHECK_THROWS_AS(run(in.store.begin(a_rollout(1, "api"))), std::logic_error);
}

// Whoever gets no answer asks again, in the same words: that is how a call says whether it was
// done.
TEMPLATE_TEST_CASE(
    "a begin whose answer was lost can be made again", "[state]", InMemory, InSqlite
) {
    TestType in;
    const auto fault = GENERATE(Fault::lost_before, Fault::lost_after);
    FaultPlan faults;
    faults.at_write(1, fault);
    FaultyStore store(in.store, faults);
    CHECK_THROWS_AS(run(store.begin(a_rollout(1))), Error);
    const auto again = run(store.begin(a_rollout(1)));
    CHECK(again.kind == BeginAnswer::Kind::begun);
    CHECK(again.rollout.number == 1);
    CHECK(again.rollout.version == 1);
    CHECK(run(store.list({})).size() == 1);
    CHECK(run(store.events(id_of(1), 0)).size() == 1);
    auto other_plan = a_rollout(1);
    other_plan.record.plan_hash = "beef";
    CHECK_THROWS_AS(run(store.begin(other_plan)), std::logic_error);
}

TEMPLATE_TEST_CASE(
    "an append whose answer was lost can be made again, also after others have written",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    const auto fault = GENERATE(Fault::lost_before, Fault::lost_after);
    const bool is_late = GENERATE(false, true) && fault == Fault::lost_after;
    FaultPlan faults;
    faults.at_write(2, fault);
    FaultyStore store(in.store, faults);
    begin(store, 1);
    const std::vector<Entry> entries{
        an_intent("a-1"),
        GateEvaluated{3, "errors", {Answer::pass, "", "", "", Value::map({{"ratio", 1.0}})}, 1, 0},
    };
    CHECK_THROWS_AS(append(store, 1, 1, entries), Error);
    if (is_late) {
        append(in.store, 1, 2, {Noted{"of another runner"}});
    }
    const auto again = append(store, 1, 1, entries);
    CHECK(again.answer == AppendAnswer::committed);
    CHECK(again.version == 2);
    CHECK(types_of(again.events) == Texts{"effect.intent", "gate.evaluated"});
    CHECK(again.events.at(0).seq == 2);
    CHECK(again.events.at(1).at == in.clock.now());
    CHECK(run(store.open_attempts(id_of(1))).size() == 1);
    CHECK(run(store.events(id_of(1), 0)).size() == (is_late ? 4 : 3));
}

TEMPLATE_TEST_CASE(
    "an append that is not the one before it is a conflict, however alike",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    begin(in.store, 1);
    append(in.store, 1, 1, {an_intent("a-1"), Noted{"one"}});
    const auto answer_to = [&](std::int64_t version, std::vector<Entry> entries) {
        return append(in.store, 1, version, std::move(entries)).answer;
    };
    CHECK(answer_to(1, {an_intent("a-2"), Noted{"one"}}) == AppendAnswer::conflict);
    CHECK(answer_to(1, {an_intent("a-1"), Noted{"two"}}) == AppendAnswer::conflict);
    CHECK(answer_to(1, {an_intent("a-1")}) == AppendAnswer::conflict);
    CHECK(answer_to(1, {}) == AppendAnswer::conflict);
    CHECK(answer_to(0, {an_intent("a-1"), Noted{"one"}}) == AppendAnswer::conflict);
    CHECK(answer_to(3, {an_intent("a-1"), Noted{"one"}}) == AppendAnswer::conflict);
    CHECK(answer_to(1, {an_intent("a-1"), Noted{"one"}}) == AppendAnswer::committed);
    CHECK(run(in.store.events(id_of(1), 0)).size() == 3);
}

TEMPLATE_TEST_CASE(
    "a request whose answer was lost can be made again, and waits once",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    const auto fault = GENERATE(Fault::lost_before, Fault::lost_after);
    FaultPlan faults;
    faults.at_write(2, fault);
    FaultyStore store(in.store, faults);
    begin(store, 1);
    const Request wish{0, RequestKind::advance, "ada", "looks good"};
    CHECK_THROWS_AS(run(store.make_request(id_of(1), wish)), Error);
    run(store.make_request(id_of(1), wish));
    const auto waiting = run(store.pending_requests(id_of(1)));
    REQUIRE(waiting.size() == 1);

    const Request of_another{0, RequestKind::advance, "bob", "looks good"};
    run(store.make_request(id_of(1), of_another));
    CHECK(run(store.pending_requests(id_of(1))).size() == 2);
    append(store, 1, {RequestTaken{waiting[0].id, wish.kind, wish.by, wish.reason}});
    run(store.make_request(id_of(1), wish));
    CHECK(run(store.pending_requests(id_of(1))).size() == 2);
}

TEMPLATE_TEST_CASE(
    "a freeze is kept as it was given, with a number", "[state]", InMemory, InSqlite
) {
    TestType in;
    CHECK(run(in.store.freezes("web")).empty());
    auto first = a_freeze(1);
    const auto kept = run(in.store.keep_freeze(first));
    first.number = 1;
    CHECK(kept == first);
    auto second = a_freeze(2);
    second.environment.clear();
    second.until = second.since + std::chrono::hours(2);
    second.number = 17;  // the store's to give
    run(in.store.keep_freeze(a_freeze(3, "api")));
    run(in.store.keep_freeze(second));
    second.number = 3;
    CHECK(run(in.store.freezes("web")) == std::vector{first, second});
    CHECK(run(in.store.freezes("api")).at(0).number == 2);
    CHECK(run(in.store.freezes("")).empty());
}

TEMPLATE_TEST_CASE("what people say is kept once, and in order", "[state]", InMemory, InSqlite) {
    TestType in;
    begin(in.store, 1);
    begin(in.store, 2, "api");
    const auto yes = an_approval(1);
    auto no = yes;
    no.id = id_of(100);
    no.vote = Vote::deny;
    no.at = yes.at + seconds(1);
    run(in.store.keep_approval(no));
    run(in.store.keep_approval(yes));
    auto again = yes;
    again.reason = "another";
    run(in.store.keep_approval(again));
    CHECK(run(in.store.approvals(id_of(1))) == std::vector{yes, no});
    CHECK(run(in.store.approvals(id_of(2))).empty());
    auto lost = yes;
    lost.id = id_of(112);
    lost.rollout = id_of(99);
    CHECK_THROWS_AS(run(in.store.keep_approval(lost)), Error);
}

TEMPLATE_TEST_CASE(
    "the removal of a freeze is written beside it, once", "[state]", InMemory, InSqlite
) {
    TestType in;
    auto freeze = run(in.store.keep_freeze(a_freeze(1)));
    freeze.removed = FreezeRemoval{"eve@ci", "it is up", freeze.since + seconds(90)};
    CHECK(run(in.store.keep_freeze(freeze)) == freeze);
    CHECK(run(in.store.freezes("web")) == std::vector{freeze});

    auto again = freeze;
    again.removed->by = "bob";
    again.reason = "lunch";
    CHECK(run(in.store.keep_freeze(again)) == freeze);
    CHECK(run(in.store.keep_freeze(a_freeze(1))) == freeze);
    CHECK(run(in.store.freezes("web")) == std::vector{freeze});
}

TEMPLATE_TEST_CASE(
    "a freeze whose answer was lost can be made again, and is there once",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    const auto fault = GENERATE(Fault::lost_before, Fault::lost_after);
    FaultPlan faults;
    faults.at_write(1, fault);
    FaultyStore store(in.store, faults);
    CHECK_THROWS_AS(run(store.keep_freeze(a_freeze(1))), Error);
    CHECK(run(store.keep_freeze(a_freeze(1))).number == 1);
    CHECK(run(store.freezes("web")).size() == 1);
}
