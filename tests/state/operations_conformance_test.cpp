// SPDX-License-Identifier: Apache-2.0
// What every journal of operations must do, tried on each of them.
#include "state/mem_operations.hpp"
#include "state/sqlite_operations.hpp"
#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

struct InMemory {
    StillClock clock;
    state::MemOperations store{clock};
};

struct InSqlite {
    TempFolder folder;
    StillClock clock;
    state::SqliteOperations store{{folder / "state.db"}, clock};
};

const Runner ada{"ada@laptop", "laptop", 42, 4242, "boot-1"};
const Runner eve{"eve@ci", "runner-7", 7, 77, "boot-2"};

Operation an_operation(int n, const std::string& kind = "dr.drill") {
    Operation made;
    made.id = id_of(n);
    made.kind = kind;
    made.app = "web";
    made.environment = "production";
    made.subject = "checkout";
    made.by = "ada@laptop";
    made.reason = "it's \"time\"";
    made.runner = ada;
    made.plan = Value::map({{"stages", Value::list({"freeze", "verify"})}, {"rto", 0.5}});
    return made;
}

OperationEvent an_event(const std::string& type) {
    OperationEvent event;
    event.type = type;
    event.data = Value::map({{"stage", 1}, {"said", "\xe2\x9c\x93 \"done\"\n"}});
    return event;
}

Operation begin_one(Operations& store, const Operation& operation) {
    return run(store.begin_operation(operation)).operation;
}

bool end_one(Operations& store, Operation operation, OperationState state) {
    operation.state = state;
    operation.result = Value::map({{"seconds", 12}});
    return run(store.end_operation(operation));
}

std::vector<std::int64_t> numbers_of(const std::vector<Operation>& operations) {
    std::vector<std::int64_t> numbers;
    for (const auto& one : operations) {
        numbers.push_back(one.number);
    }
    return numbers;
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEMPLATE_TEST_CASE("a begun operation is kept as it was given", "[state]", InMemory, InSqlite) {
    TestType in;
    const auto given = an_operation(1);
    const auto answer = run(in.store.begin_operation(given));
    CHECK(answer.kind == BeginOperation::Kind::begun);
    CHECK(answer.operation.number == 1);
    const auto kept = run(in.store.find_operation("1")).value();
    CHECK(kept.id == given.id);
    CHECK(kept.kind + kept.app + kept.environment == "dr.drillwebproduction");
    CHECK(kept.subject + kept.by + kept.reason == "checkoutada@laptopit's \"time\"");
    CHECK(kept.state == OperationState::running);
    CHECK(kept.started == in.clock.now());
    CHECK_FALSE(kept.ended);
    CHECK(kept.runner == ada);
    CHECK(kept.plan == given.plan);
    CHECK(kept.result.is_null());
}

TEMPLATE_TEST_CASE("at most one of the same work is under way", "[state]", InMemory, InSqlite) {
    TestType in;
    begin_one(in.store, an_operation(1));
    const auto refused = run(in.store.begin_operation(an_operation(2)));
    CHECK(refused.kind == BeginOperation::Kind::another_is_running);
    CHECK(refused.operation.id == id_of(1));
    CHECK_FALSE(run(in.store.find_operation(id_of(2))));

    SECTION("the same again is the same one") {
        in.clock.advance(minutes(1));
        const auto again = run(in.store.begin_operation(an_operation(1)));
        CHECK(again.kind == BeginOperation::Kind::begun);
        CHECK(again.operation.number == 1);
        CHECK(again.operation.started == in.clock.now() - minutes(1));
    }
    SECTION("each of kind, app, environment and subject makes another work") {
        auto other = an_operation(3, "dr.failover");
        CHECK(begin_one(in.store, other).number == 2);
        other = an_operation(4);
        other.app = "api";
        CHECK(begin_one(in.store, other).number == 3);
        other = an_operation(5);
        other.environment = "dr";
        CHECK(begin_one(in.store, other).number == 4);
        other = an_operation(6);
        other.subject = "";
        CHECK(begin_one(in.store, other).number == 5);
    }
    SECTION("an end makes room, whatever it was") {
        const auto end = GENERATE(
            OperationState::done,
            OperationState::failed,
            OperationState::undone,
            OperationState::needs_human
        );
        CHECK(end_one(in.store, an_operation(1), end));
        CHECK(begin_one(in.store, an_operation(2)).number == 2);
    }
}

TEMPLATE_TEST_CASE("events are numbered, timed and kept in order", "[state]", InMemory, InSqlite) {
    TestType in;
    begin_one(in.store, an_operation(1));
    begin_one(in.store, an_operation(2, "backup.run"));
    CHECK(run(in.store.note_operation(id_of(1), ada, an_event("stage.started"))));
    CHECK(run(in.store.note_operation(id_of(2), ada, an_event("other"))));
    in.clock.advance(seconds(5));
    CHECK(run(in.store.note_operation(id_of(1), ada, an_event("stage.ended"))));
    const auto events = run(in.store.operation_events(id_of(1)));
    REQUIRE(events.size() == 2);
    CHECK(events[0].seq + events[1].seq == 3);
    CHECK(events[0].type + events[1].type == "stage.startedstage.ended");
    CHECK(events[1].at - events[0].at == seconds(5));
    CHECK(events[0].data == an_event("").data);
    CHECK(run(in.store.operation_events(id_of(9))).empty());
}

TEMPLATE_TEST_CASE(
    "only who runs an operation notes and ends it, and once", "[state]", InMemory, InSqlite
) {
    TestType in;
    begin_one(in.store, an_operation(1));
    CHECK_FALSE(run(in.store.note_operation(id_of(1), eve, an_event("x"))));
    CHECK_FALSE(run(in.store.note_operation(id_of(9), ada, an_event("x"))));
    auto of_eve = an_operation(1);
    of_eve.runner = eve;
    CHECK_FALSE(end_one(in.store, of_eve, OperationState::done));

    in.clock.advance(minutes(2));
    CHECK(end_one(in.store, an_operation(1), OperationState::failed));
    CHECK_FALSE(end_one(in.store, an_operation(1), OperationState::done));
    CHECK_FALSE(run(in.store.note_operation(id_of(1), ada, an_event("late"))));
    CHECK_FALSE(run(in.store.take_operation(id_of(1), ada, eve)));
    const auto kept = run(in.store.find_operation(id_of(1))).value();
    CHECK(kept.state == OperationState::failed);
    CHECK(kept.ended == in.clock.now());
    CHECK(kept.result.number("/seconds") == 12);
    CHECK(run(in.store.operation_events(id_of(1))).empty());
}

TEMPLATE_TEST_CASE(
    "another runner takes an operation from the one whose it is", "[state]", InMemory, InSqlite
) {
    TestType in;
    begin_one(in.store, an_operation(1));
    CHECK_FALSE(run(in.store.take_operation(id_of(1), eve, eve)));
    CHECK(run(in.store.take_operation(id_of(1), ada, eve)));
    CHECK_FALSE(run(in.store.take_operation(id_of(1), ada, ada)));
    CHECK_FALSE(run(in.store.note_operation(id_of(1), ada, an_event("stale"))));
    CHECK(run(in.store.note_operation(id_of(1), eve, an_event("mine"))));
    CHECK(run(in.store.find_operation("1")).value().runner == eve);
}

TEMPLATE_TEST_CASE("operations are listed as asked, newest first", "[state]", InMemory, InSqlite) {
    TestType in;
    begin_one(in.store, an_operation(1, "infra.apply"));
    begin_one(in.store, an_operation(2, "infra.backup"));
    auto other = an_operation(3, "infra.apply");
    other.app = "api";
    other.environment = "staging";
    other.subject = "network";
    begin_one(in.store, other);
    end_one(in.store, an_operation(1), OperationState::done);

    OperationFilter filter;
    CHECK(numbers_of(run(in.store.operations(filter))) == Numbers{3, 2, 1});
    filter.at_most = 2;
    CHECK(numbers_of(run(in.store.operations(filter))) == Numbers{3, 2});
    filter = {};
    filter.kind = "infra.";
    filter.app = "web";
    CHECK(numbers_of(run(in.store.operations(filter))) == Numbers{2, 1});
    filter.only_running = true;
    CHECK(numbers_of(run(in.store.operations(filter))) == Numbers{2});
    filter = {};
    filter.kind = "infra";
    CHECK(run(in.store.operations(filter)).empty());
    filter.kind = "infra.apply";
    filter.environment = "staging";
    filter.subject = "network";
    CHECK(numbers_of(run(in.store.operations(filter))) == Numbers{3});
}

TEMPLATE_TEST_CASE(
    "an operation is found by its id, a prefix that is its alone, or its number",
    "[state]",
    InMemory,
    InSqlite
) {
    TestType in;
    begin_one(in.store, an_operation(1));
    auto apart = an_operation(2, "backup.run");
    apart.id = "0298f3c2-7d0e-7a41-9b1f-000000000002";
    begin_one(in.store, apart);
    CHECK(run(in.store.find_operation(apart.id)).value().number == 2);
    CHECK(run(in.store.find_operation("0298f3")).value().number == 2);
    CHECK(run(in.store.find_operation("2")).value().id == apart.id);
    CHECK_FALSE(run(in.store.find_operation("0298f")));
    CHECK_FALSE(run(in.store.find_operation("3")));
    begin_one(in.store, an_operation(3, "backup.verify"));
    CHECK_FALSE(run(in.store.find_operation("0198f3")));
}
