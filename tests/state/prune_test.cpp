// SPDX-License-Identifier: Apache-2.0
// What prune takes, what it never takes, and that the chain of events is whole after it.
#include "state/maintenance.hpp"
#include "state/pruning.hpp"
#include "state/sqlite_store.hpp"
#include "tests/state/fixture.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;
using Catch::Matchers::Contains;
using state::PruneRule;
using state::SqliteStore;

namespace {

using Numbers = std::vector<std::int64_t>;

/// A journal of rollouts of web that each took a day.
class Past {
public:
    void end_one(RolloutState end, const std::string& from = "", const std::string& to = "") {
        const int n = ++count_;
        auto rollout = a_rollout(n, app);
        rollout.record.previous_version = from.empty() ? "v" + std::to_string(n - 1) : from;
        rollout.record.next_version = to.empty() ? "v" + std::to_string(n) : to;
        run(store.begin(rollout));
        append(store, n, {an_intent("a-" + std::to_string(n))});
        clock.advance(std::chrono::days(1));
        append(store, n, {the_end(RolloutState::pending, end, ExitCode::done, "")});
    }

    void begin_one() { begin(store, ++count_, app); }

    Numbers prune(PruneRule rule) {
        const auto pruned = state::prune(file(), rule, clock.now());
        Numbers numbers;
        for (const auto& rollout : pruned.rollouts) {
            numbers.push_back(rollout.number);
        }
        return numbers;
    }

    Numbers keep(int count) {
        PruneRule rule;
        rule.keep = count;
        return prune(rule);
    }

    Numbers left() {
        Numbers numbers;
        for (const auto& rollout : run(store.list({}))) {
            numbers.push_back(rollout.number);
        }
        return numbers;
    }

    std::string fault() const {
        const auto report = state::verify_chain(file(), 1'000'000);
        return report.faults.empty() ? "" : report.faults.front();
    }

    std::filesystem::path file() const { return folder / "state.db"; }

    TempFolder folder;
    StillClock clock;
    SqliteStore store{{folder / "state.db"}, clock};
    std::string app = "web";

private:
    int count_ = 0;
};

void end_some(Past& past, int count) {
    for (int n = 0; n < count; ++n) {
        past.end_one(RolloutState::promoted);
    }
}

int rows_in(const std::filesystem::path& file, const std::string& table) {
    return SQLite::Database(file.string()).execAndGet("SELECT count(*) FROM " + table).getInt();
}

}  // namespace

TEST_CASE("prune keeps the newest, and the chain goes on from its anchor", "[state]") {
    Past past;
    end_some(past, 5);
    CHECK(past.keep(2) == Numbers{1, 2, 3});
    CHECK(past.left() == Numbers{5, 4});
    CHECK(past.fault() == "");
    CHECK(state::verify_chain(past.file()).checked == 6);
    CHECK(rows_in(past.file(), "events") == 6);
    CHECK(rows_in(past.file(), "attempts") == 2);
    CHECK(rows_in(past.file(), "plans") == 2);

    end_some(past, 2);
    CHECK(past.keep(1) == Numbers{4, 5, 6});
    CHECK(past.left() == Numbers{7});
    CHECK(past.fault() == "");
    SQLite::Database database(past.file().string());
    CHECK(database.execAndGet("SELECT seq || ' ' || rollouts FROM anchors").getString() == "18 6");
    CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
}

TEST_CASE("the anchor shows that somebody took more than prune did", "[state]") {
    Past past;
    end_some(past, 4);
    past.keep(2);
    SQLite::Database database(past.file().string(), SQLite::OPEN_READWRITE);
    CHECK_THROWS_WITH(
        database.exec("DELETE FROM events WHERE seq = 7"), Contains("events are never deleted")
    );
    SECTION("a row behind the anchor") {
        database.exec("DROP TRIGGER events_are_never_deleted; DELETE FROM events WHERE seq = 7");
        CHECK(past.fault() == "event 7 of web is missing");
    }
    SECTION("another anchor") {
        database.exec("UPDATE anchors SET hash = 'other'");
        CHECK(past.fault() == "event 7 of web does not follow from the one before it");
    }
    SECTION("no anchor") {
        database.exec("DELETE FROM anchors");
        CHECK(past.fault() == "event 1 of web is missing");
    }
}

TEST_CASE("prune by age and by number keeps what either of them keeps", "[state]") {
    Past past;
    end_some(past, 6);
    PruneRule rule;
    rule.keep_for = std::chrono::hours(49);
    rule.effect = PruneRule::Effect::show;
    CHECK(past.prune(rule) == Numbers{1, 2, 3});
    rule.keep = 5;
    CHECK(past.prune(rule) == Numbers{1});
    rule.keep = 1;
    CHECK(past.prune(rule) == Numbers{1, 2, 3});
    CHECK(past.left().size() == 6);
    rule.effect = PruneRule::Effect::remove;
    CHECK(past.prune(rule) == Numbers{1, 2, 3});
    CHECK(past.left() == Numbers{6, 5, 4});
}

TEST_CASE("what has not ended is never pruned, and nothing after it", "[state]") {
    Past past;
    past.end_one(RolloutState::aborted);
    past.begin_one();
    CHECK(past.keep(1) == Numbers{1});
    CHECK(past.left() == Numbers{2});
    PruneRule old;
    old.keep_for = seconds(1);
    past.clock.advance(std::chrono::days(400));
    CHECK(past.prune(old) == Numbers{});
    CHECK(run(past.store.find("2")).value().state == RolloutState::pending);
    CHECK(append(past.store, 2, {Noted{"goes on"}}).answer == AppendAnswer::committed);
    CHECK(past.fault() == "");
}

TEST_CASE("prune leaves what a rollback returns from", "[state]") {
    Past past;
    past.end_one(RolloutState::promoted);
    SECTION("the last promotion, however many failed after it") {
        past.end_one(RolloutState::promoted);
        for (int n = 0; n < 5; ++n) {
            past.end_one(RolloutState::rolled_back);
        }
        CHECK(past.keep(1) == Numbers{1});
    }
    SECTION("where a version that was returned to first came from") {
        past.end_one(RolloutState::promoted, "v1", "good");
        past.end_one(RolloutState::promoted, "good", "bad");
        past.end_one(RolloutState::promoted, "bad", "good");
        CHECK(past.keep(1) == Numbers{1});
    }
    SECTION("a tag that is always the same keeps nothing older") {
        for (int n = 0; n < 3; ++n) {
            past.end_one(RolloutState::promoted, "latest", "latest");
        }
        CHECK(past.keep(1) == Numbers{1, 2, 3});
    }
}

TEST_CASE("a remark after the end keeps a rollout until the next one goes, too", "[state]") {
    Past past;
    end_some(past, 2);
    append(past.store, 1, {Noted{"seen later"}});
    end_some(past, 1);
    CHECK(past.keep(2) == Numbers{});
    CHECK(past.keep(1) == Numbers{1, 2});
    CHECK(past.fault() == "");
}

TEST_CASE("prune counts each app for itself, and takes one app alone where asked", "[state]") {
    Past past;
    end_some(past, 2);
    past.app = "api";
    end_some(past, 2);
    PruneRule rule;
    rule.keep = 1;
    rule.app = "api";
    CHECK(past.prune(rule) == Numbers{3});
    rule.app = "";
    CHECK(past.prune(rule) == Numbers{1});
    CHECK(past.left() == Numbers{4, 2});
    CHECK(past.fault() == "");
}

TEST_CASE("numbers are not given again after a prune, and no file is made by one", "[state]") {
    Past past;
    end_some(past, 3);
    past.keep(1);
    past.begin_one();
    CHECK(past.left() == Numbers{4, 3});
    PruneRule rule;
    rule.keep = 1;
    CHECK(state::prune(past.folder / "none", rule, past.clock.now()).rollouts.empty());
    CHECK_FALSE(std::filesystem::exists(past.folder / "none"));
}
