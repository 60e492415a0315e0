// SPDX-License-Identifier: Apache-2.0
// adopt, recover, --takeover, and the lock in status: what a person types after a runner was lost.
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "state/sqlite_store.hpp"
#include "tests/cli/shell.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <filesystem>

using namespace deployctl;
using simcluster::in_shop;
using tests::on_web;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const auto lease_ref = in_shop(Kind::lease, "deployctl-web");

/// v2 is under way, and its runner is killed in the middle of the first hold.
struct AfterAKill : Shell {
    AfterAKill() {
        auto& time = parts.time;
        time.call_at(time.elapsed() + seconds(20), [] { throw std::runtime_error("killed"); });
        CHECK_THROWS(run("rollout canary v2 -q" + on_web));
        parts.people.say("ada@laptop", Liveness::dead);
    }

    std::string image() {
        return parts.world.object(in_shop(Kind::deployment, "web"))
            .text("/spec/template/spec/containers/0/image");
    }

    /// As if the runner were on another host, and well.
    void keep_holder_alive() {
        parts.people.say("ada@laptop", Liveness::unknown);
        for (int at = 1; at < 200; at += 5) {
            parts.time.call_in(seconds(at), [this] {
                parts.world.edit(lease_ref, [this](Value& lease) {
                    if (lease.text("/spec/holderIdentity") == "ada@laptop") {
                        lease.set("/spec/renewTime", to_rfc3339(parts.time.now()));
                    }
                });
            });
        }
    }

    Value read(const std::string& line) { return documents::read_json(run(line).out); }
};

}  // namespace

TEST_CASE("with an empty journal a rollout is adopted, and resumed to its end", "[cli]") {
    AfterAKill shell;
    shell.parts.lose_journal();
    CHECK(shell.run("rollout status").exit == 2);
    const auto answer = shell.run("rollout adopt web -n shop -q");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "adopted rollout 1 (canary v1 → v2, running), step "));
    CHECK(contains(answer.out, "deployctl rollout resume 1"));
    CHECK(contains(shell.run("rollout status --offline").out, "v1 → v2"));
    CHECK(contains(shell.run("show 1").out, "v2"));
    CHECK(contains(shell.run("events 1").out, "imported from the cluster's record"));
    const auto again = shell.run("rollout adopt web -n shop");
    CHECK(again.exit == 0);
    CHECK(contains(again.out, "this journal has it: rollout 1"));
    CHECK(shell.read("rollout adopt web -n shop -o json").at("/adopted") == Value(false));
    CHECK(shell.run("rollout resume 1 -q").exit == 0);
    CHECK(contains(shell.image(), ":v2"));
    shell.parts.lose_journal();
    const auto ended = shell.run("rollout adopt web -n shop");
    CHECK(ended.exit == 4);
    CHECK(contains(ended.err, "has ended (promoted)"));
}

TEST_CASE("an app that has no rollout, or no name, cannot be adopted", "[cli]") {
    Shell shell;
    CHECK(shell.run("rollout adopt").exit == 2);
    const auto answer = shell.run("rollout adopt web -n shop");
    CHECK(answer.exit == 2);
    CHECK(contains(answer.err, "no Lease/deployctl-web in namespace shop"));
}

TEST_CASE("recover lists what was lost, with lock, write and pins, and ends it", "[cli]") {
    AfterAKill shell;
    shell.parts.world.forget_writes();
    const auto listed = shell.run("rollout recover --dry-run -n shop");
    CHECK(listed.exit == 0);
    CHECK(shell.parts.world.writes().empty());
    CHECK(contains(listed.out, "rollout 1 (canary v1 → v2, running, step "));
    CHECK(contains(listed.out, "ada@laptop on laptop, pid 100, heartbeat "));
    CHECK(contains(listed.out, "epoch 1, since 20"));
    CHECK(contains(listed.out, "next    resume"));
    const auto data = shell.read("rollout recover --dry-run -n shop -o json");
    REQUIRE(data.items("/items").size() == 1);
    CHECK(data.items("/items").front().text("/action") == "resume");
    CHECK(data.items("/items").front().at("/lock/epoch") == Value(1));
    const auto ended = shell.run("rollout recover -n shop -q");
    CHECK(ended.exit == 0);
    CHECK(contains(ended.out, "exit 0 done"));
    CHECK(contains(ended.out, "found   ada@laptop on laptop, pid 100"));
    CHECK_FALSE(contains(ended.out, "lock    "));
    CHECK(contains(shell.image(), ":v2"));
    CHECK(contains(shell.run("rollout recover -n shop").out, "no rollout is without a runner"));
}

TEST_CASE("recover clears away what ended rollouts have left, also with nothing lost", "[cli]") {
    Shell shell;
    CHECK(shell.run("rollout blue-green v2 -q --on-pause exit" + on_web).exit == 0);
    const auto preview = in_shop(Kind::deployment, "web-preview");
    shell.parts.time.give_up_after(std::chrono::days(3));
    shell.parts.time.advance(std::chrono::hours(30));
    shell.run("rollout recover --dry-run -n shop");
    CHECK_FALSE(shell.parts.world.object(preview).is_null());
    const auto other = shell.run("rollout recover --app api -n shop");
    CHECK_FALSE(contains(other.out, "removed"));
    const auto answer = shell.run("rollout recover -n shop");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "no rollout is without a runner"));
    CHECK(contains(answer.out, "removed Deployment/web-preview, which an older rollout has left"));
    CHECK(shell.parts.world.object(preview).is_null());
    CHECK(contains(shell.run("events 1").out, "recover removes Deployment/web-preview"));
    const auto data = documents::read_json(shell.run("rollout recover -n shop -o json").out);
    CHECK(data.items("/swept").empty());
}

TEST_CASE("recover --all knows what only the cluster names, and can send it back", "[cli]") {
    AfterAKill shell;
    shell.parts.lose_journal();
    CHECK(contains(shell.run("rollout recover --mine -n shop").out, "no rollout is without"));
    const auto listed = shell.run("rollout recover --all --dry-run -n shop");
    CHECK(contains(listed.out, "not in this journal"));
    const auto ended = shell.run("rollout recover --all --rollback --reason night -n shop -q");
    CHECK(ended.exit == 0);
    CHECK(contains(ended.out, "rolled back"));
    CHECK(contains(shell.image(), ":v1"));
    CHECK(shell.run("rollout recover --all --mine").exit == 2);
}

TEST_CASE("recover leaves what waits for a person, and names the pins that are left", "[cli]") {
    Shell shell;
    const auto line = "rollout blue-green v3-errors -q --on-failure hold --on-pause exit";
    CHECK(shell.run(line + on_web).exit == 5);
    shell.parts.people.say("ada@laptop", Liveness::dead);
    shell.parts.world.forget_writes();
    const auto answer = shell.run("rollout recover -n shop");
    CHECK(answer.exit == 5);
    CHECK(shell.parts.world.writes().empty());
    CHECK(contains(answer.out, "left as it is, somebody has to decide: deployctl rollout resume 1")
    );
    CHECK(contains(answer.out, "deployctl rollout abort 1 --reason TEXT"));
    CHECK(shell.run("rollout recover -n shop --dry-run").exit == 0);
    CHECK(contains(answer.out, "pins    Service/web: "));
}

TEST_CASE("one that cannot be recovered is told, and is the exit code", "[cli]") {
    AfterAKill shell;
    shell.keep_holder_alive();
    const auto answer = shell.run("rollout recover -n shop -q");
    CHECK(answer.exit == 9);
    CHECK(contains(answer.err, "the lock of web is held by ada@laptop on laptop, pid 100"));
    CHECK(contains(answer.out, "exit 9 locked"));
    CHECK(shell.run("rollout recover -n shop -q --takeover").exit == 0);
}

TEST_CASE("without --takeover a living runner is named, with it it is replaced", "[cli]") {
    AfterAKill shell;
    shell.keep_holder_alive();
    const auto refused = shell.run("rollout resume 1 -q");
    CHECK(refused.exit == 9);
    CHECK(
        contains(refused.err, "the lock of web is held by ada@laptop on laptop, pid 100, heartbeat")
    );
    CHECK(contains(refused.err, "deployctl rollout resume 1 --takeover"));
    SECTION("resume") {
        CHECK(shell.run("rollout resume 1 -q --takeover").exit == 0);
        CHECK(contains(shell.image(), ":v2"));
    }
    SECTION("rollback") {
        CHECK(shell.run("rollout rollback 1 -q --takeover --reason hangs").exit == 0);
        CHECK(contains(shell.image(), ":v1"));
    }
    SECTION("abort") {
        CHECK(shell.run("rollout abort 1 -q --takeover --reason hangs").exit == 0);
        CHECK(contains(shell.image(), ":v1"));
    }
    SECTION("adopt, with another journal") {
        shell.parts.lose_journal();
        const auto named = shell.run("rollout adopt web -n shop -q");
        CHECK(named.exit == 9);
        CHECK(contains(named.err, "deployctl rollout adopt web --takeover"));
        CHECK(shell.run("rollout adopt web -n shop -q --takeover").exit == 0);
        CHECK(shell.run("rollout resume -q").exit == 0);
    }
}

TEST_CASE("the status of an active rollout shows who holds its lock", "[cli]") {
    AfterAKill shell;
    const auto status = shell.run("rollout status");
    CHECK(contains(status.out, "lock    ada@laptop on laptop, pid 100, heartbeat "));
    CHECK(contains(status.out, "; epoch 1"));
    const auto data = shell.read("rollout status -o json");
    CHECK(data.text("/lock/holder") == "ada@laptop");
    CHECK(data.number("/lock/pid") == 100);
    CHECK(data.has("/lock/heartbeat_age_seconds"));
    CHECK(shell.read("rollout status --offline -o json").at("/lock").is_null());
    CHECK_FALSE(contains(shell.run("rollout status --offline").out, "lock    "));
}

TEST_CASE("nothing is gone on with from a journal that was changed after it was written", "[cli]") {
    AfterAKill shell;
    const tests::Folder folder;
    const auto file = folder.path("state.db");
    {
        state::SqliteStore store({file}, shell.parts.time);
        NewRollout made;
        made.record.id = "0198f3c2-7d0e-7a41-9b1f-000000000001";
        made.record.target = {"web", "", "shop", "cluster"};
        simcluster::run(store.begin(made));
    }
    {
        SQLite::Database database(file, SQLite::OPEN_READWRITE);
        database.exec("DROP TRIGGER events_are_never_changed");
        database.exec("UPDATE events SET body_json = '{}' WHERE seq = 1");
    }
    shell.parts.world.forget_writes();
    for (const std::string verb : {"resume 1", "rollback 1 --reason late", "recover --mine"}) {
        const auto refused = shell.run("rollout " + verb + " -q --state " + file);
        CAPTURE(verb, refused.out, refused.err);
        CHECK(refused.exit == static_cast<int>(ExitCode::state_unreadable));
        CHECK(contains(refused.err, "is not as it was written: event 1 of web was changed"));
        CHECK(contains(refused.err, "rollout adopt"));
    }
    CHECK(shell.parts.world.writes().empty());
    std::filesystem::remove(file);
    CHECK(shell.run("rollout resume 1 -q --state " + file).exit == 0);
}

TEST_CASE("a runner that is frozen is named, and gone on without", "[cli]") {
    AfterAKill shell;
    shell.parts.people.say("ada@laptop", Liveness::alive);
    const auto begun = shell.parts.time.elapsed();
    SECTION("resume") {
        const auto answer = shell.run("rollout resume 1");
        CHECK(answer.exit == 0);
        CHECK(contains(answer.err, "asking its runner (pid 100 on laptop), whose last word was "));
        CHECK(contains(answer.err, "ago; it has 15s to answer, --takeover does not wait\n"));
        CHECK(contains(answer.err, "its runner (pid 100 on laptop) has not answered for 15s"));
        CHECK(contains(answer.err, "--takeover takes it at once"));
        CHECK(contains(shell.image(), ":v2"));
    }
    SECTION("abort") {
        CHECK(shell.run("rollout abort 1 --reason hangs").exit == 0);
        CHECK(contains(shell.image(), ":v1"));
        CHECK(shell.parts.time.elapsed() - begun < minutes(2));
    }
    SECTION("pause, which needs a runner") {
        const auto answer = shell.run("rollout pause 1");
        CHECK(answer.exit == 8);
        CHECK(contains(answer.out, "pause recorded, not taken"));
        CHECK(contains(answer.out, "rollout resume 1 --takeover"));
        CHECK(contains(answer.out, "rollout abort 1 --takeover"));
        CHECK(shell.parts.time.elapsed() - begun < seconds(20));
    }
    SECTION("one that answers is not called frozen") {
        shell.parts.time.call_in(seconds(10), [&] {
            auto rollout = simcluster::run(shell.parts.entries->find("1"));
            simcluster::run(shell.parts.entries->append(
                rollout->id, rollout->version, {RequestTaken{1, RequestKind::pause, "ada", ""}}
            ));
        });
        CHECK(shell.run("rollout resume 1").exit == 0);
        CHECK(shell.parts.time.elapsed() - begun < seconds(12));
        CHECK(contains(shell.image(), ":v1"));
    }
}

TEST_CASE("who goes on from the cluster with a way back says why, and that stays", "[cli]") {
    AfterAKill shell;
    auto& time = shell.parts.time;
    const auto kill_soon = [&] {
        time.call_at(time.elapsed() + seconds(2), [] { throw std::runtime_error("killed"); });
    };
    kill_soon();
    CHECK_THROWS(shell.run("rollout rollback 1 -q --reason 'orders fail'"));
    shell.parts.lose_journal();
    kill_soon();
    const std::string from_cluster =
        "rollout rollback --from-cluster --app web -n shop -q --reason 'runner lost'";
    CHECK_THROWS(shell.run(from_cluster));
    CHECK(shell.run("rollout resume 1 -q").exit == 6);
    CHECK(contains(shell.run("rollout list -o json").out, "runner lost"));
}

TEST_CASE("what is wrong with another app's part of a journal stops nobody", "[cli]") {
    const tests::Folder folder;
    const auto file = folder.path("state.db");
    const simcluster::VirtualClock clock;
    {
        state::SqliteStore store({file}, clock);
        int n = 0;
        for (const std::string app : {"web", "api"}) {
            NewRollout made;
            made.record.id = "0198f3c2-7d0e-7a41-9b1f-00000000000" + std::to_string(++n);
            made.record.target = {app, "", "shop", "cluster"};
            simcluster::run(store.begin(made));
        }
    }
    {
        SQLite::Database database(file, SQLite::OPEN_READWRITE);
        database.exec("DROP TRIGGER events_are_never_changed");
        database.exec("UPDATE events SET body_json = '{}' WHERE target_id = 2");
    }
    AfterAKill shell;
    const auto web = shell.run("rollout resume 1 -q --state " + file);
    CHECK_FALSE(contains(web.err, "was changed"));
}
