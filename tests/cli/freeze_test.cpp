// SPDX-License-Identifier: Apache-2.0
// Times without rollouts: configured windows, "stop the line", and what goes on all the same. The
// clock begins on Tuesday, 24 November 2026, at 12:00 UTC, 13:00 in Berlin.
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::Folder;
using tests::on_web;
using tests::Shell;

namespace {

const std::string shop_yaml = R"(apiVersion: deployctl/v1
app:
  name: web
  image: registry/shop/web
  workload: {kind: Deployment, name: web}
strategies:
  canary: {steps: [{weight: 50, hold: 10s}]}
environments:
  staging: {context: kind-stage, namespace: shop, strategy: rolling}
  production: {context: kind-prod, namespace: shop, strategy: canary, protected: true}
)";

const std::string windows = R"(freeze:
  timezone: Europe/Berlin
  windows:
    - {name: weekend, env: [production], cron: "0 17 * * 5", for: 62h}
    - {name: migration, env: [staging], from: "2026-11-24T12:00", to: "2026-11-24T15:00"}
)";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Shop : Shell {
    explicit Shop(const std::string& freeze = windows)
        : file(folder.write("deploy.yaml", shop_yaml + freeze)) {}

    tests::Answer in(const std::string& line) { return run("-f " + file + " " + line); }

    tests::Answer in(const std::string& line, const std::string& input) {
        return run_with_input("-f " + file + " " + line, input);
    }

    bool is_untouched() const { return parts.world.writes().empty(); }

    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("in a window nothing starts: exit 4, by what and until when, nothing changed", "[cli]") {
    Shop shop;
    const std::string reason = "frozen by `migration` until Tue 15:00 (Europe/Berlin)";
    const auto plan = shop.in("plan v2 -e staging");
    CHECK(plan.exit == 4);
    CHECK(contains(plan.out, "✗ " + reason));
    const auto data = shop.in("plan v2 -e staging -o json");
    CHECK(contains(data.out, "\"frozen\": true"));
    CHECK(contains(data.out, "\"until\": \"2026-11-24T14:00:00.000000Z\""));
    for (const auto* verb : {"start", "rolling", "canary", "blue-green"}) {
        CAPTURE(verb);
        const auto rollout = shop.in("rollout " + std::string(verb) + " v2 -e staging -q -y");
        CHECK(rollout.exit == 4);
        CHECK(contains(rollout.err, reason));
        CHECK(contains(rollout.err, "--override-freeze --reason TEXT"));
        CHECK(contains(rollout.err, "nothing was changed"));
    }
    CHECK(shop.is_untouched());
    CHECK(shop.in("rollout list -o name").out.empty());
}

TEST_CASE("outside of a window the plan says when the next one begins", "[cli]") {
    Shop shop;
    const auto plan = shop.in("plan v2 -e production");
    CHECK(plan.exit == 0);
    CHECK(contains(plan.out, "freeze: none before Fri 17:00 (Europe/Berlin)\n"));
    const auto data = shop.in("plan v2 -e production -o json");
    CHECK(contains(data.out, "\"frozen\": false"));
    CHECK(contains(data.out, "\"begins\": \"2026-11-27T16:00:00.000000Z\""));
    CHECK(shop.in("rollout start v2 -e production -q").exit == 0);
    Shop without("");
    CHECK_FALSE(contains(without.in("plan v2 -e production").out, "freeze"));
}

TEST_CASE("a window begins and ends to the minute", "[cli]") {
    Shop shop;
    auto& time = shop.parts.time;
    const auto until = [&](const std::string& moment) {
        time.advance(read_rfc3339(moment).value() - time.now());
    };
    until("2026-11-27T15:59:00Z");
    CHECK(shop.in("plan v2 -e production").exit == 0);
    until("2026-11-27T16:00:00Z");
    const auto frozen = shop.in("plan v2 -e production");
    CHECK(frozen.exit == 4);
    CHECK(contains(frozen.err, "frozen by `weekend` until Mon 07:00 (Europe/Berlin)"));
    CHECK(shop.in("plan v2 -e staging").exit == 0);
    until("2026-11-30T06:00:00Z");
    CHECK(shop.in("plan v2 -e production").exit == 0);
}

TEST_CASE("what runs already is nothing to do, frozen or not", "[cli]") {
    Shop shop;
    CHECK(shop.in("rollout start v2 -e production -q").exit == 0);
    CHECK(shop.in("freeze add --now --reason incident").exit == 0);
    const auto again = shop.in("rollout start v2 -e production");
    CHECK(again.exit == 0);
    CHECK(contains(again.out, "nothing to do"));
}

TEST_CASE("an override needs a reason, and is recorded with who and why", "[cli]") {
    Shop shop;
    const auto bare = shop.in("rollout start v2 -e staging -y --override-freeze");
    CHECK(bare.exit == 2);
    CHECK(contains(bare.err, "--override-freeze needs a reason"));
    CHECK(shop.is_untouched());
    const auto forced =
        shop.in("rollout start v2 -e staging --override-freeze --reason 'fixes 4711'");
    CHECK(forced.exit == 0);
    const auto by = shop.parts.people.self().identity;
    const auto note = "freeze overridden by " + by +
                      ": fixes 4711; frozen by `migration` until Tue 15:00 (Europe/Berlin)";
    CHECK(contains(forced.err, note));
    const auto events = shop.in("events 1 -o ndjson").out;
    CHECK(contains(events, note));
    CHECK(events.find("\"notice\"") < events.find("\"step.started\""));
    CHECK(contains(shop.in("show 1").out, "fixes 4711"));
}

TEST_CASE("an override of nothing leaves no mark", "[cli]") {
    Shop shop;
    CHECK(shop.in("rollout start v2 -e production -q --override-freeze --reason x").exit == 0);
    CHECK_FALSE(contains(shop.in("events 1 -o ndjson").out, "overridden"));
}

TEST_CASE("at a terminal an override is asked about; -y alone is no override", "[cli]") {
    Shop shop;
    shop.has_terminal = true;
    const std::string line = "rollout start v2 -e staging ";
    CHECK(shop.in(line, "y\n").exit == 4);
    CHECK(shop.in(line + "-y", "y\n").exit == 4);
    const auto no = shop.in(line + "--override-freeze --reason hotfix", "n\n");
    CHECK(no.exit == 4);
    CHECK(contains(no.err, "although it is frozen by `migration` until Tue 15:00 (Europe/Berlin)?")
    );
    CHECK(shop.is_untouched());
    CHECK(shop.in(line + "--override-freeze --reason hotfix -y -q", "n\n").exit == 0);
}

TEST_CASE("going back is never frozen, and neither is what is under way", "[cli]") {
    Shop shop;
    const auto stop_the_line = [&] {
        CHECK(shop.in("freeze add --now --reason incident").exit == 0);
    };
    SECTION("a promoted version is left") {
        CHECK(shop.in("rollout start v2 -e production -q").exit == 0);
        stop_the_line();
        CHECK(shop.in("rollout rollback 1 --reason why -q").exit == 0);
    }
    SECTION("a rollout that is held is aborted") {
        CHECK(shop.in("rollout start v5-crash -e production --on-failure hold -q").exit == 5);
        stop_the_line();
        CHECK(shop.in("plan v2 -e production").exit == 4);
        CHECK(shop.in("rollout abort 1 --reason why -q").exit == 0);
    }
    SECTION("a rollout that was left is resumed") {
        CHECK(
            shop.in("rollout start v2 -e production --timeout 8s --on-interrupt hold -q").exit == 8
        );
        stop_the_line();
        CHECK(shop.in("rollout resume 1 -q").exit == 0);
        CHECK(contains(shop.in("rollout list").out, "promoted"));
    }
    SECTION("a freeze that begins while a rollout runs does not stop it") {
        shop.parts.time.call_in(seconds(5), [&] {
            Freeze freeze;
            freeze.id = "0198f3c2";
            freeze.app = "web";
            freeze.since = shop.parts.time.now();
            tests::run(shop.parts.entries->keep_freeze(freeze));
        });
        CHECK(shop.in("rollout start v2 -e production -q").exit == 0);
        CHECK(shop.in("freeze check -e production").exit == 4);
    }
    SECTION("nothing is brought out by a rehearsal") {
        stop_the_line();
        CHECK(shop.in("rehearse canary v2 -e production").exit == 0);
    }
}

TEST_CASE("who stops the line says why; it holds until it is removed", "[cli]") {
    Shop shop("");
    shop.columns = 300;
    CHECK(shop.in("freeze add --now -e production").exit == 2);
    const auto planned = shop.in("freeze add --reason later");
    CHECK(planned.exit == 2);
    CHECK(contains(planned.err, "say so with --now"));
    CHECK(shop.in("freeze add --now -e prodution --reason x").exit == 2);
    const auto added = shop.in("freeze add --now -e production --reason 'db is slow'");
    CHECK(added.exit == 0);
    CHECK(contains(added.out, "✓ freeze 1: web in production is frozen until"));
    const auto by = shop.parts.people.self().identity;
    const auto refused = shop.in("rollout start v2 -e production -q");
    CHECK(refused.exit == 4);
    CHECK(
        contains(refused.err, "frozen by freeze 1 (" + by + ": db is slow), and no end is in sight")
    );
    CHECK(shop.in("plan v2 -e staging").exit == 0);

    CHECK(shop.in("freeze remove 1").exit == 2);
    CHECK(shop.in("freeze remove 2 --reason up").exit == 2);
    const auto removed = shop.in("freeze remove 1 --reason 'db is up' -o json");
    CHECK(removed.exit == 0);
    CHECK(contains(removed.out, "\"reason\": \"db is up\""));
    CHECK(contains(shop.in("freeze remove 1 --reason x").err, "was removed by " + by + " already"));
    CHECK(shop.in("plan v2 -e production").exit == 0);
    CHECK(shop.in("freeze list").out == "web has no freezes\n");
    CHECK(contains(shop.in("freeze list --all").out, "db is slow (removed by " + by + ": db is up)")
    );
}

TEST_CASE("a freeze ends by itself at its time", "[cli]") {
    Shop shop("freeze: {timezone: Europe/Berlin}\n");
    const auto until = shop.in("freeze add --now --until 2026-11-24T14:30 --reason incident");
    CHECK(contains(until.out, "web in every environment is frozen until Tue 14:30 (Europe/Berlin)")
    );
    CHECK(shop.in("freeze add --now --for 45m --reason other -o name").out == "2\n");
    CHECK(shop.in("freeze add --now --for 45m --until 2026-11-24T14:30 --reason x").exit == 2);
    CHECK(shop.in("freeze add --now --for 0s --reason x").exit == 2);
    CHECK(contains(
        shop.in("freeze add --now --until 2026-11-24T12:59 --reason x").err, "is over already"
    ));
    CHECK(contains(shop.in("freeze add --now --until noon --reason x").err, "is no time"));
    CHECK(shop.in("freeze check -e staging").exit == 4);
    shop.parts.time.advance(minutes(90));
    CHECK(shop.in("freeze check -e staging").exit == 0);
    CHECK(contains(shop.in("freeze remove 1 --reason x").err, "has ended by itself"));
}

TEST_CASE("stopping the line tells of rollouts that go on", "[cli]") {
    Shop shop("");
    CHECK(shop.in("rollout start v5-crash -e production --on-failure hold -q").exit == 5);
    CHECK(contains(
        shop.in("freeze add --now --reason incident").out, "! rollout 1 is under way and goes on"
    ));
}

TEST_CASE("the list has windows with their next times, and who stopped the line", "[cli]") {
    Shop shop;
    CHECK(shop.in("freeze add --now -e production --for 2h --reason 'db is slow'").exit == 0);
    const auto by = shop.parts.people.self().identity;
    const auto list = shop.in("freeze list").out;
    CAPTURE(list);
    CHECK(contains(list, "weekend"));
    CHECK(contains(list, "Fri 17:00"));
    CHECK(contains(list, "0 17 * * 5 for 62h"));
    CHECK(contains(list, "Tue 12:00"));
    CHECK(contains(list, by));
    CHECK(contains(list, "db is slow"));
    CHECK(contains(list, "Times are those of Europe/Berlin"));
    CHECK(shop.in("freeze list -e staging -o name").out == "migration\n");
    CHECK(shop.in("freeze list -e production -o name").out == "weekend\n1\n");
    const auto data = shop.in("freeze list -o json").out;
    CHECK(contains(data, "\"begins\": \"2026-12-11T16:00:00.000000Z\""));
    CHECK(contains(data, "\"timezone\": \"Europe/Berlin\""));
    CHECK(contains(data, "\"kind\": \"ad-hoc\""));
}

TEST_CASE("a check answers for now or for another time: 0 open, 4 frozen", "[cli]") {
    Shop shop;
    const auto open = shop.in("freeze check -e production");
    CHECK(open.exit == 0);
    CHECK(
        open.out == "✓ web in production is open; freeze: none before Fri 17:00 (Europe/Berlin)\n"
    );
    const auto frozen = shop.in("freeze check -e production --at 2026-11-28T12:00");
    CHECK(frozen.exit == 4);
    CHECK(
        frozen.out == "✗ web in production is frozen by `weekend` until Mon 07:00 (Europe/Berlin)\n"
    );
    CHECK(shop.in("freeze check -e production --at 2026-11-30T06:00:00Z").exit == 0);
    CHECK(shop.in("freeze check -e production --at soon").exit == 2);
    CHECK(shop.in("freeze check").exit == 2);
    CHECK(shop.in("freeze check -e staging -o name").out == "frozen\n");
    CHECK(contains(shop.in("freeze check -e staging -o json").out, "\"environment\": \"staging\""));
}

TEST_CASE("an app without a configuration is stopped by its name", "[cli]") {
    Shell shell;
    const auto nameless = shell.run("freeze add --now --reason incident");
    CHECK(nameless.exit == 2);
    CHECK(contains(nameless.err, "--app NAME"));
    CHECK(shell.run("freeze add --now --app api --reason incident").exit == 0);
    CHECK(shell.run("plan v2 --strategy canary" + on_web).exit == 0);
    CHECK(shell.run("freeze add --now --app web --reason incident").exit == 0);
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 4);
    CHECK(shell.parts.world.writes().empty());
    CHECK(shell.run("freeze check --app web").exit == 4);
    CHECK(shell.run("freeze remove 2 --app web --reason up").exit == 0);
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 0);
}

TEST_CASE("a refusal says who may override it, and who has to agree", "[cli]") {
    const std::string hint =
        "`--override-freeze --reason TEXT` of `rollout` starts it all the same";
    Shop open(windows);
    CHECK(contains(open.in("plan v2 -e staging").out, hint + "\n"));
    Shop shop(windows + "  override: {people: [bob, eve], approval: sre}\napprovals: {sre: {}}\n");
    const auto plan = shop.in("plan v2 -e staging");
    CHECK(plan.exit == 4);
    CHECK(
        contains(plan.out, hint + ", where it is bob or eve who asks, once approval sre is given\n")
    );
}

TEST_CASE("an override may be some people's alone, and may wait for others", "[cli]") {
    const std::string line = "rollout start v2 -e staging --override-freeze --reason hotfix";
    SECTION("somebody else") {
        Shop shop(windows + "  override: {people: [nobody-here]}\n");
        const auto refused = shop.in(line);
        CHECK(refused.exit == 4);
        CHECK(contains(refused.err, "`freeze.override` lets nobody-here override it"));
        CHECK(shop.is_untouched());
    }
    SECTION("a role") {
        const std::string roles = "roles: {sre: {people: [eve, ada]}, dba: {people: [ada]}}\n";
        Shop shop(windows + "  override: {people: [nobody-here], roles: [sre]}\n" + roles);
        CHECK(shop.in(line + " -y -q").exit == 0);
        CHECK(contains(shop.in("events 1").out, "freeze overridden by ada@laptop (sre): hotfix"));
    }
    SECTION("with an approval") {
        Shop shop(windows + "  override: {approval: sre}\napprovals: {sre: {}}\n");
        const auto paused = shop.in(line + " --on-pause exit");
        INFO(paused.err);
        CHECK(paused.exit == 5);
        CHECK(contains(shop.in("events 1 -o ndjson").out, "wait for approval sre"));
        CHECK(contains(shop.in("show 1").out, "v1"));
        const auto web = shop.parts.world.object(tests::in_shop(Kind::deployment, "web"));
        CHECK(web.text("/spec/template/spec/containers/0/image") == "registry/shop/web:v1");
    }
    SECTION("outside of a freeze nobody is waited for") {
        Shop shop(
            windows +
            "  override: {people: [nobody-here], approval: sre}\n"
            "approvals: {sre: {}}\n"
        );
        CHECK(shop.in("rollout start v2 -e production -q --override-freeze --reason x").exit == 0);
    }
    SECTION("an approval that is not there") {
        Shop shop(windows + "  override: {approval: srv}\napprovals: {sre: {}}\n");
        const auto wrong = shop.in(line);
        CHECK(wrong.exit == 2);
        CHECK(contains(wrong.err, "there is no approval `srv`"));
        CHECK(contains(wrong.err, "write `approval: sre`"));
    }
}
