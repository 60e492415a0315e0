// SPDX-License-Identifier: Apache-2.0
// Operations in the file of the journal: what its tables refuse, what a check finds, how they are
// carried and pruned, and what a full disk leaves.
#include "state/sqlite_operations.hpp"

#include "state/journal_export.hpp"
#include "state/journal_import.hpp"
#include "state/maintenance.hpp"
#include "state/pruning.hpp"
#include "tests/state/fixture.hpp"
#include "tests/state/recording_vfs.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;
using Catch::Matchers::Contains;
using state::SqliteOperations;

namespace {

const Runner ada{"ada@laptop", "laptop", 42, 4242, "boot-1"};

/// A journal of drills of web, each of which takes a minute.
class Drills {
public:
    Operation begin_one() {
        Operation drill;
        drill.id = id_of(++count_);
        drill.kind = "dr.drill";
        drill.app = "web";
        drill.environment = "production";
        drill.by = "ada@laptop";
        drill.runner = ada;
        drill.plan = Value::map({{"to", "dr"}});
        return run(store.begin_operation(drill)).operation;
    }

    void note(const Operation& drill) {
        OperationEvent event;
        event.type = "stage.ended";
        event.data = Value::map({{"stage", "freeze"}});
        REQUIRE(run(store.note_operation(drill.id, ada, event)));
    }

    void end_one(OperationState state) {
        auto drill = begin_one();
        note(drill);
        note(drill);
        clock.advance(minutes(1));
        drill.state = state;
        drill.result = Value::map({{"rto_seconds", 60}});
        REQUIRE(run(store.end_operation(drill)));
    }

    void tamper(const std::string& sql) const {
        SQLite::Database(file().string(), SQLite::OPEN_READWRITE)
            .exec(
                "DROP TRIGGER operations_end_once; DROP TRIGGER operations_begin_once; "
                "DROP TRIGGER operation_events_are_never_changed; "
                "DROP TRIGGER operation_events_stay; " +
                sql
            );
    }

    std::string fault() const {
        const auto report = state::verify_chain(file());
        return report.faults.empty() ? "" : report.faults.front();
    }

    std::vector<std::int64_t> left() {
        std::vector<std::int64_t> numbers;
        for (const auto& one : run(store.operations({}))) {
            numbers.push_back(one.number);
        }
        return numbers;
    }

    std::int64_t prune(int keep) {
        state::PruneRule rule;
        rule.keep = keep;
        return state::prune(file(), rule, clock.now()).operations;
    }

    std::filesystem::path file() const { return folder / "state.db"; }

    TempFolder folder;
    StillClock clock;
    SqliteOperations store{{folder / "state.db"}, clock};

private:
    int count_ = 0;
};

using Numbers = std::vector<std::int64_t>;

std::string trouble_of(const std::filesystem::path& file, const std::string& sql) {
    try {
        SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(sql);
    } catch (const SQLite::Exception& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("asking for operations makes no file, and a begin does", "[state]") {
    Drills drills;
    CHECK(run(drills.store.operations({})).empty());
    CHECK_FALSE(run(drills.store.find_operation("1")));
    CHECK_FALSE(std::filesystem::exists(drills.file()));
    drills.begin_one();
    CHECK(std::filesystem::exists(drills.file()));
}

TEST_CASE("the tables refuse to change what was written of an operation", "[state]") {
    Drills drills;
    drills.end_one(OperationState::done);
    drills.begin_one();
    const auto file = drills.file();
    CHECK_THAT(trouble_of(file, "UPDATE operation_events SET kind = 'x'"), Contains("never"));
    CHECK_THAT(
        trouble_of(file, "UPDATE operations SET result_json = '1' WHERE number = 1"),
        Contains("ended are never changed")
    );
    CHECK_THAT(
        trouble_of(file, "UPDATE operations SET started_by = 'eve' WHERE number = 2"),
        Contains("began as is never changed")
    );
    CHECK_THAT(
        trouble_of(file, "DELETE FROM operations WHERE number = 2"), Contains("never deleted")
    );
    CHECK_THAT(
        trouble_of(
            file,
            "INSERT INTO operations SELECT 'x', 9, kind, app, environment, subject, started_by, "
            "reason, state, owner_json, meant_json, result_json, started_at, ended_at, 0, '' FROM "
            "operations WHERE number = 2"
        ),
        Contains("UNIQUE")
    );
}

TEST_CASE("a check finds what was changed of an operation", "[state]") {
    Drills drills;
    drills.end_one(OperationState::failed);
    CHECK(state::verify_chain(drills.file()).checked == 2);
    CHECK(drills.fault().empty());
    SECTION("an event") {
        drills.tamper("UPDATE operation_events SET data_json = '{}' WHERE seq = 1");
        CHECK_THAT(drills.fault(), Contains("event 1 of operation 1 (dr.drill) was changed"));
    }
    SECTION("an event that is gone") {
        drills.tamper("DELETE FROM operation_events WHERE seq = 1");
        CHECK_THAT(drills.fault(), Contains("event 1 of operation 1 (dr.drill) is missing"));
    }
    SECTION("the last one") {
        drills.tamper("DELETE FROM operation_events WHERE seq = 2");
        CHECK_THAT(drills.fault(), Contains("event 2 of operation 1 (dr.drill), the last one"));
    }
    SECTION("who began it") {
        drills.tamper("UPDATE operations SET started_by = 'eve'");
        CHECK_THAT(drills.fault(), Contains("event 1 of operation 1 (dr.drill) does not follow"));
    }
    SECTION("how it ended") {
        drills.tamper("UPDATE operations SET state = 'done'");
        CHECK_THAT(drills.fault(), Contains("operation 1 (dr.drill) is not as it was written"));
    }
}

TEST_CASE("operations are carried into another journal, numbered after its own", "[state]") {
    Drills drills;
    drills.end_one(OperationState::done);
    drills.begin_one();
    state::export_to_file(drills.file(), "", drills.folder / "lines");
    const auto taken = [&](const std::filesystem::path& file) {
        state::import_journal(
            drills.folder / "lines", file, state::ImportEffect::write, WallTime()
        );
    };
    const auto other = drills.folder / "other.db";
    SqliteOperations there({other}, drills.clock);
    Operation own;
    own.id = id_of(77);
    own.kind = "backup.run";
    run(there.begin_operation(own));
    taken(other);
    const auto found = run(there.find_operation(id_of(1))).value();
    CHECK(found.number == 2);
    CHECK(found.result.number("/rto_seconds") == 60);
    CHECK(run(there.operation_events(id_of(1))).size() == 2);
    CHECK(state::verify_chain(other).faults.empty());
    CHECK(run(there.note_operation(id_of(2), ada, {})));
}

TEST_CASE("an export whose operation was changed is refused with its line", "[state]") {
    Drills drills;
    drills.end_one(OperationState::failed);
    drills.tamper("UPDATE operations SET result_json = '{\"rto_seconds\":1}'");
    state::export_to_file(drills.file(), "", drills.folder / "lines");
    CHECK_THAT(
        message_of([&] {
            state::import_journal(
                drills.folder / "lines",
                drills.folder / "new.db",
                state::ImportEffect::write,
                WallTime()
            );
        }),
        Contains("line 2") && Contains("not as it was written")
    );
}

TEST_CASE(
    "prune leaves the newest operations, the last good one and what has not ended", "[state]"
) {
    Drills drills;
    drills.end_one(OperationState::done);
    drills.end_one(OperationState::done);
    drills.end_one(OperationState::needs_human);
    drills.end_one(OperationState::failed);
    drills.end_one(OperationState::failed);
    drills.begin_one();
    state::PruneRule shown;
    shown.keep = 1;
    shown.effect = state::PruneRule::Effect::show;
    CHECK(state::prune(drills.file(), shown, drills.clock.now()).operations == 3);
    CHECK(drills.prune(2) == 2);
    CHECK(drills.left() == Numbers{6, 5, 3, 2});
    CHECK(drills.fault().empty());
}

TEST_CASE("on a full disk an event is written with the ballast, or refused whole", "[state]") {
    Drills drills;
    const auto drill = drills.begin_one();
    RecordingVfs disk;
    disk.stop();
    SqliteOperations store({drills.file()}, drills.clock);
    OperationEvent event;
    event.type = "stage.ended";
    disk.fail({DiskCall::write, 1, SQLITE_FULL, DiskFault::Lasts::for_ever});
    CHECK_THAT(
        message_of([&] { run(store.note_operation(drill.id, ada, event)); }), Contains("full")
    );
    CHECK(run(drills.store.operation_events(drill.id)).empty());
    CHECK(drills.fault().empty());
}
