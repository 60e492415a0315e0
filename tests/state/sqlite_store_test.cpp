// SPDX-License-Identifier: Apache-2.0
// The file of the journal: its modes, what is refused, and what people are told.
#include "state/sqlite_store.hpp"

#include "engine/lease.hpp"
#include "state/chain.hpp"
#include "state/file_system.hpp"
#include "state/maintenance.hpp"
#include "tests/state/fixture.hpp"
#include "tests/state/recording_vfs.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <limits>
#include <sys/stat.h>

using namespace deployctl;
using namespace deployctl::tests;
using Catch::Matchers::Contains;
using state::Access;
using state::SqliteStore;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
    struct stat found {};

    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777U;
}

std::string opening(const std::filesystem::path& file, Access access = Access::read_write) {
    StillClock clock;
    return message_of([&] { SqliteStore({file, access}, clock); });
}

/// SQL of somebody who goes around deployctl.
void tamper(const std::filesystem::path& file, const std::string& sql) {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec(sql);
}

void write_journal(const std::filesystem::path& file, int notes = 3) {
    StillClock clock;
    SqliteStore store({file}, clock);
    begin(store, 1);
    for (int n = 1; n <= notes; ++n) {
        append(store, 1, n, {Noted{"note " + std::to_string(n)}});
    }
}

/// How often a check of the chain takes the lock.
int locks_of_check(const std::filesystem::path& file) {
    RecordingVfs disk;
    disk.fail({DiskCall::lock, std::numeric_limits<int>::max()});
    state::verify_chain(file, 1'000'000);
    return disk.calls();
}

const std::string without_triggers =
    "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted; ";

}  // namespace

TEST_CASE("what was written is there after closing and opening again", "[state]") {
    const TempFolder folder;
    write_journal(folder / "state.db");
    StillClock clock;
    SqliteStore store({folder / "state.db"}, clock);
    CHECK(run(store.events(id_of(1), 0)).size() == 4);
    CHECK(run(store.find("1")).value().version == 4);
    CHECK(append(store, 1, 4, {Noted{"more"}}).events.at(0).seq == 5);
}

TEST_CASE("the journal is for its owner alone, in a folder made for it", "[state]") {
    const TempFolder folder;
    const auto file = folder / "a/b/state.db";
    write_journal(file);
    CHECK(mode_of(file) == 0600);
    CHECK(mode_of(folder / "a/b/state.db-journal") == 0600);
    CHECK(mode_of(folder / "a/b/state.db.ballast") == 0600);
    CHECK(mode_of(folder / "a") == 0700);
    CHECK(mode_of(folder / "a/b") == 0700);
    CHECK(std::filesystem::file_size(state::ballast_of(file)) == 4 * 1024 * 1024);
}

TEST_CASE("two open stores see each other's writes, and one of them conflicts", "[state]") {
    const TempFolder folder;
    StillClock clock;
    SqliteStore one({folder / "state.db"}, clock);
    SqliteStore other({folder / "state.db"}, clock);
    begin(one, 1);
    CHECK(run(other.find("1")).value().version == 1);
    const auto first = append(other, 1, 1, {Noted{"mine"}});
    const auto second = append(one, 1, 1, {Noted{"mine, too"}});
    CHECK(first.answer == AppendAnswer::committed);
    CHECK(second.answer == AppendAnswer::conflict);
    CHECK(run(one.events(id_of(1), 0)).size() == 2);
}

TEST_CASE("reading makes no file, and sees one that comes later", "[state]") {
    const TempFolder folder;
    const auto file = folder / "none/state.db";
    StillClock clock;
    SqliteStore reader({file, Access::read_only}, clock);
    CHECK(run(reader.list({})).empty());
    CHECK_FALSE(run(reader.find("1")));
    CHECK(run(reader.plan(id_of(1))).is_null());
    CHECK(run(reader.events(id_of(1), 0)).empty());
    CHECK(run(reader.open_attempts(id_of(1))).empty());
    CHECK_FALSE(run(reader.cause(id_of(1))));
    CHECK(run(reader.pending_requests(id_of(1))).empty());
    CHECK_FALSE(std::filesystem::exists(folder / "none"));

    write_journal(file);
    CHECK(run(reader.list({})).size() == 1);
    CHECK_THROWS_AS(begin(reader, 2, "api"), std::logic_error);
}

TEST_CASE("a file that is no journal is refused and left as it is", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    SECTION("no database") {
        const std::string text(4096, 'x');
        write_text(file, text);
        CHECK_THAT(
            opening(file),
            Contains("is no SQLite database") && Contains("--from-cluster") && Contains("mv ")
        );
        CHECK_THAT(opening(file, Access::read_only), Contains("is no SQLite database"));
        CHECK(read_text(file) == text);
    }
    SECTION("a database of another program") {
        SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
            .exec("CREATE TABLE t (x)");
        const auto before = read_text(file);
        CHECK_THAT(opening(file), Contains("database of another program") && Contains("--state"));
        CHECK(read_text(file) == before);
    }
    SECTION("a newer schema") {
        write_journal(file);
        tamper(file, "PRAGMA user_version = 7");
        const auto before = read_text(file);
        CHECK_THAT(opening(file), Contains("newer deployctl: needs schema 7, this one knows 6"));
        CHECK_THAT(opening(file, Access::read_only), Contains("needs schema 7"));
        CHECK(read_text(file) == before);
    }
    SECTION("another text of a migration") {
        write_journal(file);
        tamper(file, "UPDATE schema_migrations SET sha256 = 'other'");
        CHECK_THAT(opening(file), Contains("another text of the migration 0001_initial"));
    }
}

TEST_CASE("what is no file is not taken for an empty journal", "[state]") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "journals");
    for (const auto access : {Access::read_only, Access::read_write}) {
        CHECK_THAT(
            opening(folder / "journals", access),
            Contains("is a folder, and no file") && Contains("--state") &&
                Contains("journals/state.db")
        );
        CHECK_THAT(opening("/dev/null", access), Contains("and no file") && Contains("--state"));
    }
    CHECK(std::filesystem::is_empty(folder / "journals"));
    CHECK_THAT(
        message_of([&] { state::verify_chain(folder / "journals"); }), Contains("is a folder")
    );
}

TEST_CASE("a damaged file is refused, left as it is, with the way on", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    write_journal(file, 60);
    auto bytes = read_text(file);
    REQUIRE(bytes.size() > 40000);
    for (std::size_t at = 8192; at < 40000; ++at) {
        bytes[at] = 'x';
    }
    write_text(file, bytes);
    CHECK_THAT(
        opening(file),
        Contains("is damaged") && Contains("rollback --from-cluster") && Contains(".aside")
    );
    CHECK(read_text(file) == bytes);
}

TEST_CASE("a cell that was damaged is the journal's trouble, whatever is asked", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    write_journal(file);
    StillClock clock;
    SqliteStore store({file}, clock);
    const auto exit_of = [](const auto& ask) {
        try {
            ask();
        } catch (const Error& error) {
            return error.exit();
        }
        return ExitCode::done;
    };
    SECTION("an owner") {
        tamper(file, "UPDATE rollouts SET owner_json = 'nonsense'");
        CHECK(exit_of([&] { run(store.list({})); }) == ExitCode::state_unreadable);
        CHECK(exit_of([&] { run(store.find("1")); }) == ExitCode::state_unreadable);
        CHECK_THAT(
            message_of([&] { run(store.find("1")); }),
            Contains("nonsense") && Contains("state check") && Contains("--from-cluster")
        );
    }
    SECTION("a plan") {
        tamper(file, "UPDATE plans SET plan_json = 'nonsense'");
        CHECK(exit_of([&] { run(store.plan(id_of(1))); }) == ExitCode::state_unreadable);
    }
    SECTION("a body, which the check of the chain finds, too") {
        tamper(file, without_triggers + "UPDATE events SET body_json = 'nonsense' WHERE seq = 3");
        CHECK(exit_of([&] { run(store.events(id_of(1), 0)); }) == ExitCode::state_unreadable);
        const auto report = state::verify_chain(file);
        REQUIRE(report.faults.size() == 1);
        CHECK(report.faults.front() == "event 3 of web was changed after it was written");
    }
}

TEST_CASE("a place that cannot be written is named, with what to do", "[state]") {
    const TempFolder folder;
    write_text(folder / "plain", "a file");
    CHECK_THAT(
        opening(folder / "plain/deeper/state.db"),
        Contains("cannot be written") && Contains("Not a directory") && Contains("--state")
    );
    CHECK(opening(folder / "plain/deeper/state.db", Access::read_only).empty());
    CHECK_THAT(opening("/proc/deployctl/state.db"), Contains("cannot be written"));
}

TEST_CASE("a journal that is taken away under a writer is named, with the way on", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    write_journal(file);
    StillClock clock;
    SqliteStore store({file}, clock);
    std::filesystem::rename(file, folder / "elsewhere.db");
    CHECK_THAT(
        message_of([&] { append(store, 1, 4, {Noted{"x"}}); }),
        Contains("was moved away or deleted while it was written") && Contains("rollout adopt")
    );
}

TEST_CASE("a writer waits for the lock, then says who may hold it", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    write_journal(file);
    StillClock clock;
    SqliteStore store({file, Access::read_write, milliseconds(50)}, clock);
    SQLite::Database holder(file.string(), SQLite::OPEN_READWRITE);
    holder.exec("BEGIN EXCLUSIVE");
    CHECK_THAT(
        message_of([&] { append(store, 1, 4, {Noted{"x"}}); }),
        Contains("is locked by another process") && Contains("fuser")
    );
    holder.exec("ROLLBACK");
    CHECK(append(store, 1, 4, {Noted{"x"}}).answer == AppendAnswer::committed);
}

TEST_CASE("events are never changed or deleted", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    write_journal(file);
    CHECK_THROWS_WITH(
        tamper(file, "UPDATE events SET kind = 'x'"), Contains("events are never changed")
    );
    CHECK_THROWS_WITH(
        tamper(file, "DELETE FROM events WHERE seq = 2"), Contains("events are never deleted")
    );
}

TEST_CASE("the chain of hashes shows what somebody changed", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    write_journal(file, 5);
    const auto intact = state::verify_chain(file);
    CHECK(intact.checked == 6);
    CHECK(intact.faults.empty());

    const auto faults_after = [&](const std::string& sql) {
        tamper(file, without_triggers + sql);
        const auto report = state::verify_chain(file);
        return report.faults.empty() ? "" : report.faults.front();
    };
    SECTION("a body") {
        CHECK(
            faults_after("UPDATE events SET body_json = '{\"text\":\"lie\"}' WHERE seq = 3") ==
            "event 3 of web was changed after it was written"
        );
        CHECK(state::verify_chain(file, 3).faults.empty());
        CHECK(state::verify_chain(file, 4).faults.size() == 1);
    }
    SECTION("a time") {
        CHECK_THAT(
            faults_after("UPDATE events SET ts_wall = 0 WHERE seq = 1"),
            Contains("event 1 of web was changed")
        );
    }
    SECTION("a row taken out") {
        CHECK(faults_after("DELETE FROM events WHERE seq = 3") == "event 3 of web is missing");
    }
    SECTION("the last row taken away") {
        CHECK_THAT(
            faults_after("DELETE FROM events WHERE seq = 6"),
            Contains("the last one, is not the one that was written")
        );
    }
    SECTION("a row hashed anew") {
        CHECK_THAT(
            faults_after("UPDATE events SET hash = 'new' WHERE seq = 3"),
            Contains("event 3 of web was changed")
        );
    }
    SECTION("a link") {
        CHECK_THAT(
            faults_after("UPDATE events SET prev_hash = 'new' WHERE seq = 3"),
            Contains("event 3 of web does not follow")
        );
    }
    SECTION("no file has no faults") {
        CHECK(state::verify_chain(folder / "none").checked == 0);
    }
}

TEST_CASE("the chain is checked with short locks, between which a rollout goes on", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    write_journal(file);
    const int few = locks_of_check(file);
    StillClock clock;
    SqliteStore store({file}, clock);
    append(store, 1, std::vector<Entry>(3000, Noted{"one of many"}));
    CHECK(state::verify_chain(file, 1'000'000).checked == 3004);
    CHECK(locks_of_check(file) >= few + 10);
}

TEST_CASE("a chain that is pruned while it is checked is whole", "[state]") {
    state::ChainWalk walk({1, "web", {}, {5, "h5"}}, 1000);
    state::Link link;
    link.event.seq = 4;
    link.previous = "h3";
    const auto hash = state::hash_of(link);
    std::vector<std::string> faults;
    walk.follow({1, "web", {3, "h3"}, {4, hash}});
    walk.visit(link, hash, faults);
    walk.end(faults);
    CHECK(faults.empty());
}

TEST_CASE("a runner waits for the lock as long as it may trust its Lease", "[state]") {
    constexpr int tries = 3;  // of engine/journal.cpp
    const auto longest = tries * state::SqliteOptions().patience;
    CHECK(longest > seconds(15));
    CHECK(longest < engine::trust_window);
}

TEST_CASE("a copy is a whole journal of its own", "[state]") {
    const TempFolder folder;
    write_journal(folder / "state.db");
    state::back_up(folder / "state.db", folder / "copy.db");
    CHECK(mode_of(folder / "copy.db") == 0600);
    CHECK(state::verify_chain(folder / "copy.db").checked == 4);
    CHECK_THAT(
        message_of([&] { state::back_up(folder / "state.db", folder / "copy.db"); }),
        Contains("File exists")
    );
    CHECK_THAT(
        message_of([&] { state::back_up(folder / "none", folder / "other.db"); }),
        Contains("no journal")
    );
}

TEST_CASE("the settings that durability rests upon are in force", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("PRAGMA journal_mode = WAL");
    write_journal(file);
    SQLite::Database database(file.string());
    CHECK(database.execAndGet("PRAGMA journal_mode").getString() != "wal");
    CHECK(database.execAndGet("PRAGMA application_id").getInt() == 0x64706C79);
    CHECK(database.execAndGet("PRAGMA user_version").getInt() == 6);
    CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
    // The journal file is emptied at each commit and stays.
    CHECK(std::filesystem::file_size(folder / "state.db-journal") == 0);
}
