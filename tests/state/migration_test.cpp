// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "state/maintenance.hpp"
#include "state/migrations.hpp"
#include "state/sqlite_store.hpp"
#include "state/transaction.hpp"
#include "tests/state/fixture.hpp"
#include "tests/state/recording_vfs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <sys/wait.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::tests;
using state::all_migrations;
using state::SqliteStore;

namespace {

using state::Migration;  // not that of a release

std::vector<Migration> with(const Migration& next) {
    std::vector<Migration> known(all_migrations().begin(), all_migrations().end());
    known.push_back(next);
    return known;
}

std::vector<Migration> with_one_more() {
    return with({"0007_more", "ALTER TABLE rollouts ADD COLUMN more TEXT NOT NULL DEFAULT ''"});
}

/// With a rollout in flight.
void make_journal(const std::filesystem::path& file, Clock& clock) {
    SqliteStore store({file}, clock);
    begin(store, 1);
    append(store, 1, {an_intent("a-1")});
}

void migrate_file(const std::filesystem::path& file, const std::vector<Migration>& known) {
    state::Connection connection(file, seconds(1));
    state::guarded(file, [&] { state::migrate(connection, known, WallTime()); });
}

int number(const std::filesystem::path& file, const std::string& sql) {
    return SQLite::Database(file.string()).execAndGet(sql).getInt();
}

/// With those that nobody finished.
std::ptrdiff_t copies_in(const std::filesystem::path& folder) {
    return std::ranges::count_if(
        std::filesystem::directory_iterator(folder),
        [](const std::filesystem::directory_entry& entry) {
            return entry.path().filename().string().find(".schema-") != std::string::npos;
        }
    );
}

}  // namespace

TEST_CASE("migrations are numbered without a gap, and recorded with their digest", "[state]") {
    const auto known = all_migrations();
    REQUIRE_FALSE(known.empty());
    for (std::size_t at = 0; at < known.size(); ++at) {
        CHECK(std::stoul(std::string(known[at].name.substr(0, 4))) == at + 1);
    }
    const TempFolder folder;
    StillClock clock;
    SqliteStore({folder / "state.db"}, clock);
    SQLite::Database database((folder / "state.db").string());
    CHECK(
        database.execAndGet("SELECT count(*) FROM schema_migrations").getInt() ==
        static_cast<int>(known.size())
    );
    CHECK(
        database.execAndGet("SELECT sha256 FROM schema_migrations").getString() ==
        documents::sha256_hex(known[0].sql)
    );
}

TEST_CASE("a migration keeps a rollout in flight, and a copy of the file before it", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    make_journal(file, clock);
    migrate_file(file, with_one_more());
    CHECK(number(file, "PRAGMA user_version") == 7);
    CHECK(number(file, "SELECT count(*) FROM attempts WHERE state = 'intent'") == 1);
    CHECK(
        number(file, "SELECT count(*) FROM pragma_table_info('rollouts') WHERE name = 'more'") == 1
    );
    SqliteStore before({folder / "state.db.schema-6"}, clock);
    CHECK(run(before.open_attempts(id_of(1))).size() == 1);
}

TEST_CASE("a copy before a migration that the disk cut short is made anew", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    const auto copy = folder / "state.db.schema-6";
    StillClock clock;
    make_journal(file, clock);
    const auto known = with_one_more();
    {
        RecordingVfs disk;
        disk.stop();
        disk.fail({DiskCall::write, 1, SQLITE_FULL, DiskFault::Lasts::for_ever});
        CHECK_THROWS_AS(migrate_file(file, known), Error);
    }
    CHECK(number(file, "PRAGMA user_version") == 6);
    CHECK(copies_in(folder / "") == 0);
    migrate_file(file, known);
    CHECK(number(file, "PRAGMA user_version") == 7);
    CHECK(number(copy, "PRAGMA user_version") == 6);
    CHECK(number(copy, "SELECT count(*) FROM rollouts") == 1);
    CHECK(copies_in(folder / "") == 1);
}

TEST_CASE("processes that migrate at the same time agree on one copy", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    make_journal(file, clock);
    const auto known = with_one_more();
    std::array<int, 2> gate{};
    REQUIRE(::pipe(gate.data()) == 0);
    std::vector<pid_t> processes;
    for (int n = 0; n < 6; ++n) {
        processes.push_back(::fork());
        REQUIRE(processes.back() >= 0);
        if (processes.back() == 0) {
            char opened = 0;
            ::close(gate[1]);
            static_cast<void>(::read(gate[0], &opened, 1));
            const auto trouble = message_of([&] { migrate_file(file, known); });
            ::_exit(trouble.empty() ? 0 : 1);
        }
    }
    ::close(gate[0]);
    ::close(gate[1]);
    for (const auto process : processes) {
        int status = -1;
        ::waitpid(process, &status, 0);
        CHECK(status == 0);
    }
    CHECK(number(file, "PRAGMA user_version") == 7);
    CHECK(number(folder / "state.db.schema-6", "PRAGMA user_version") == 6);
    CHECK(copies_in(folder / "") == 1);
}

TEST_CASE("a migration that fails leaves the schema before it", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    SqliteStore({file}, clock);
    const auto broken = with({"0007_broken", "CREATE TABLE more (x) STRICT"});
    CHECK_THROWS_AS(migrate_file(file, broken), Error);
    const auto half = with(
        {"0007_half", "CREATE TABLE more (x INTEGER) STRICT; CREATE TABLE more (x INTEGER) STRICT"}
    );
    CHECK_THROWS_AS(migrate_file(file, half), Error);
    CHECK(number(file, "PRAGMA user_version") == 6);
    CHECK(number(file, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'") == 0);
}

TEST_CASE(
    "the second schema takes over what the first one had, and knows its two words", "[state]"
) {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    migrate_file(file, {all_migrations().front()});
    {
        SQLite::Database old((file).string(), SQLite::OPEN_READWRITE);
        old.exec("INSERT INTO targets VALUES (1, 'uid', 'shop', 'web', 0, '')");
        old.exec(
            "INSERT INTO rollouts VALUES ('r', 1, 1, '', '', 'canary', 'running', 'forward', 0, 1, "
            "1, "
            "'{}', 'v1', 'v2', '', '', '', '', 0, NULL, '', NULL)"
        );
        old.exec("INSERT INTO requests VALUES (7, 'r', 'pause', 'eve@ci', '', 0, NULL)");
        old.exec(
            "INSERT INTO attempts VALUES (3, 'a', 'r', 'forward', 0, 'patch', 'Service', 'shop', "
            "'web', "
            "'', '', '', 'intent', '', 0, NULL)"
        );
    }
    SqliteStore store({file}, clock);
    CHECK(run(store.pending_requests("r")).at(0).id == 7);
    CHECK(run(store.open_attempts("r")).size() == 1);
    run(store.make_request("r", {0, RequestKind::retry, "eve@ci", ""}));
    CHECK(run(store.pending_requests("r")).at(1).kind == RequestKind::retry);
}

TEST_CASE("a freeze cannot be deleted, and what is written of it cannot be changed", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    {
        SqliteStore store({file}, clock);
        run(store.keep_freeze(a_freeze(1)));
    }
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    CHECK_THROWS(database.exec("DELETE FROM freezes"));
    CHECK_THROWS(database.exec("UPDATE freezes SET reason = 'lunch'"));
    CHECK(database.exec("UPDATE freezes SET removed_at = 1") == 1);
    CHECK_THROWS(database.exec("UPDATE freezes SET removed_at = 2"));
}
