// SPDX-License-Identifier: Apache-2.0
// What was acknowledged is there: after kill -9, with two writers, on a full disk.
#include "state/file_system.hpp"
#include "state/maintenance.hpp"
#include "state/sqlite_store.hpp"
#include "tests/state/fixture.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <cstring>
#include <functional>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::tests;
using Catch::Matchers::Contains;
using state::SqliteStore;

namespace {

constexpr int kills = 30;

/// Runs `work` in a process of its own, which has the writing end of a pipe.
class Child {
public:
    explicit Child(const std::function<void(int)>& work) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::close(ends[0]);
            work(ends[1]);
            ::_exit(0);
        }
        ::close(ends[1]);
        reading_ = ends[0];
    }

    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ~Child() {
        ::close(reading_);
        if (pid_ > 0) {
            kill_now();
        }
    }

    /// One acknowledgement; nothing where the child is gone.
    std::optional<std::int64_t> next() {
        std::int64_t seq = 0;
        return ::read(reading_, &seq, sizeof seq) == sizeof seq ? std::optional(seq) : std::nullopt;
    }

    pid_t pid() const { return pid_; }

    void kill_now() {
        ::kill(pid_, SIGKILL);
        end();
    }

    int end() {
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return status;
    }

private:
    pid_t pid_ = -1;
    int reading_ = -1;
};

/// Appends for ever and says the seq of each event that was acknowledged.
void append_for_ever(const std::filesystem::path& file, int acknowledge) {
    StillClock clock;
    SqliteStore store({file}, clock);
    auto version = run(store.find("1")).value().version;
    for (int n = 0;; ++n) {
        const std::string attempt = std::to_string(version) + "-" + std::to_string(n);
        const auto result =
            append(store, 1, version, {an_intent(attempt), Noted{std::string(2000, 'x')}});
        version = result.version;
        const std::int64_t seq = result.events.back().seq;
        if (::write(acknowledge, &seq, sizeof seq) != sizeof seq) {
            ::_exit(1);
        }
    }
}

class TinyDisk {
public:
    explicit TinyDisk(const std::filesystem::path& place) : place_(place) {
        std::filesystem::create_directory(place_);
        is_mounted_ = ::mount("none", place_.c_str(), "tmpfs", 0, "size=5m") == 0;
    }

    TinyDisk(const TinyDisk&) = delete;
    TinyDisk& operator=(const TinyDisk&) = delete;

    ~TinyDisk() {
        if (is_mounted_) {
            ::umount2(place_.c_str(), MNT_DETACH);
        }
    }

    bool is_mounted() const { return is_mounted_; }

    /// Takes what is free, to the last block.
    void fill() const {
        std::ofstream stream(place_ / "filler", std::ios::binary | std::ios::app);
        const std::string block(4096, 'f');
        while (stream.write(block.data(), 4096).flush()) {
        }
    }

private:
    std::filesystem::path place_;
    bool is_mounted_ = false;
};

}  // namespace

TEST_CASE("kill -9 loses no acknowledged append, and the chain holds", "[state][slow]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    {
        SqliteStore store({file}, clock);
        begin(store, 1);
    }
    std::int64_t acknowledged = 1;
    for (int n = 0; n < kills; ++n) {
        Child child([&](int acknowledge) { append_for_ever(file, acknowledge); });
        // Somewhere after the n-th acknowledgement, in the middle of whatever is next.
        for (int seen = 0; seen <= n % 7; ++seen) {
            acknowledged = child.next().value();
        }
        ::usleep(static_cast<useconds_t>((n * 7919) % 9000));
        child.kill_now();
        while (const auto more = child.next()) {
            acknowledged = *more;
        }
        SqliteStore store({file}, clock);
        const auto events = run(store.events(id_of(1), 0));
        REQUIRE(std::ssize(events) >= acknowledged);
        CHECK(events.back().seq == std::ssize(events));
        CHECK(std::ssize(run(store.open_attempts(id_of(1)))) * 2 == std::ssize(events) - 1);
        CHECK(run(store.find("1")).value().version == (std::ssize(events) - 1) / 2 + 1);
    }
    const auto report = state::verify_chain(file, 1'000'000);
    CHECK(report.checked >= acknowledged);
    CHECK(report.faults.empty());
}

TEST_CASE("a reader sees a whole journal while a writer lies dead in the middle of it", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    {
        SqliteStore store({file}, clock);
        begin(store, 1);
    }
    // Dead with changed pages in the file and the old ones in the journal: the worst moment there
    // is.
    Child child([&](int acknowledge) {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
        database.exec("PRAGMA journal_mode = TRUNCATE; PRAGMA cache_size = 1; BEGIN IMMEDIATE");
        database.exec(
            "UPDATE plans SET plan_json = hex(zeroblob(400000)); UPDATE rollouts SET version = 99"
        );
        const std::int64_t done = 1;
        static_cast<void>(::write(acknowledge, &done, sizeof done));
        ::pause();
    });
    REQUIRE(child.next());
    child.kill_now();
    REQUIRE(std::filesystem::file_size(folder / "state.db-journal") > 0);
    SqliteStore reader({file, state::Access::read_only}, clock);
    CHECK(run(reader.find("1")).value().version == 1);
    CHECK(run(reader.plan(id_of(1))) == a_rollout(1).plan);
}

TEST_CASE("a reader that stands still is named to the writer that waited for it", "[state]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    SqliteStore store({file, state::Access::read_write, milliseconds(50)}, clock);
    begin(store, 1);
    Child reader([&](int acknowledge) {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
        database.exec("BEGIN");
        const std::int64_t found = database.execAndGet("SELECT count(*) FROM events").getInt64();
        static_cast<void>(::write(acknowledge, &found, sizeof found));
        ::pause();
    });
    REQUIRE(reader.next());
    const auto message = message_of([&] { append(store, 1, {Noted{"x"}}); });
    CHECK_THAT(
        message,
        Contains("is locked by process " + std::to_string(reader.pid())) &&
            Contains("rollout resume") && Contains("fuser")
    );
    reader.kill_now();
    CHECK(append(store, 1, {Noted{"x"}}).answer == AppendAnswer::committed);
}

TEST_CASE("two processes that write both get through, one after the other", "[state][slow]") {
    const TempFolder folder;
    const auto file = folder / "state.db";
    StillClock clock;
    SqliteStore store({file}, clock);
    begin(store, 1);
    begin(store, 2, "api");
    Child other([&](int) {
        SqliteStore mine({file}, clock);
        for (int n = 0; n < 40; ++n) {
            append(mine, 2, n + 1, {Noted{"theirs"}});
        }
    });
    for (int n = 0; n < 40; ++n) {
        CHECK(append(store, 1, n + 1, {Noted{"mine"}}).answer == AppendAnswer::committed);
    }
    CHECK(other.end() == 0);
    CHECK(run(store.find("2")).value().version == 41);
    CHECK(state::verify_chain(file).faults.empty());
}

TEST_CASE("a full disk takes the ballast, then refuses and loses nothing", "[state]") {
    const TempFolder folder;
    const TinyDisk disk(folder / "disk");
    if (!disk.is_mounted()) {
        WARN("SKIPPED: mounting a tmpfs needs root");
        SUCCEED();
        return;
    }
    const auto file = folder / "disk/state.db";
    StillClock clock;
    SqliteStore store({file}, clock);
    begin(store, 1);
    REQUIRE(std::filesystem::exists(state::ballast_of(file)));
    disk.fill();

    const std::string text(60'000, 'x');
    CHECK(append(store, 1, 1, {Noted{text}}).answer == AppendAnswer::committed);
    CHECK_FALSE(std::filesystem::exists(state::ballast_of(file)));

    disk.fill();
    const auto message = message_of([&] { append(store, 1, 2, {Noted{text}}); });
    CHECK_THAT(
        message,
        Contains("the disk is full") && Contains("rollout resume") && Contains("--from-cluster")
    );
    CHECK(run(store.find("1")).value().version == 2);
    CHECK(run(store.events(id_of(1), 0)).size() == 2);

    std::filesystem::remove(folder / "disk/filler");
    CHECK(append(store, 1, 2, {Noted{text}}).answer == AppendAnswer::committed);
    CHECK(state::verify_chain(file).faults.empty());
}
