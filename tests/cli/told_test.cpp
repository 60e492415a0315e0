// SPDX-License-Identifier: Apache-2.0
// What people are told while a rollout is under way, and what they are told to do next.
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace deployctl;
using simcluster::in_shop;
using tests::Folder;
using tests::on_web;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string app_yaml = R"(apiVersion: deployctl/v1
app: {name: web, image: registry/shop/web}
)";

struct Shop : Shell {
    explicit Shop(const std::string& yaml) : file(folder.write("deploy.yaml", app_yaml + yaml)) {
        parts.files.has("./smoke.sh", "true");
    }

    tests::Answer in(const std::string& line) { return run("-f " + file + " " + line); }

    void say_by_smoke(const std::string& word) { parts.programs.on({"./smoke.sh"}, word); }

    /// As by kill -9, so many seconds from now.
    void roll_until_killed(const std::string& line, int after) {
        auto& time = parts.time;
        time.call_at(time.elapsed() + seconds(after), [] { throw std::runtime_error("killed"); });
        CHECK_THROWS(in(line));
        parts.people.say("ada@laptop", Liveness::dead);
    }

    Folder folder;
    std::string file;
};

const std::string with_smoke = R"(gates:
  health: {type: http, path: /healthz, port: 8080}
  smoke: {type: command, run: [./smoke.sh], every: 70s, fail_after: 1, errors_in_a_row: 2}
strategies:
  canary: {steps: [{weight: 50}], gates: [health, smoke]}
environments:
  staging: {context: stage, namespace: shop, strategy: canary}
  production: {namespace: shop, strategy: canary, preflight: [smoke]}
)";

}  // namespace

TEST_CASE("once the Services have gone over, the share is the whole", "[cli]") {
    Shop shop(R"(strategies:
  canary: {steps: [{weight: 25, hold: 10s}], keep_old: 10m}
environments:
  staging: {namespace: shop, strategy: canary}
)");
    SECTION("at the weight") {
        shop.roll_until_killed("rollout start v2 -e staging -q", 8);
        CHECK(contains(shop.in("rollout status").out, "traffic asked 25%, 1 of 4 pods"));
    }
    SECTION("at 100 %, while the old set is kept") {
        shop.roll_until_killed("rollout start v2 -e staging -q", 60);
        const auto status = shop.in("rollout status");
        INFO(status.out);
        CHECK(contains(status.out, "now     100%: hold for 10m"));
        CHECK(contains(status.out, "traffic asked 100%, 4 of 4 pods"));
    }
}

TEST_CASE("a gate that cannot tell says why, wherever it is shown", "[cli]") {
    Shop shop(with_smoke);
    shop.say_by_smoke(R"({"verdict":"error","measured":"not known","reason":"the key is gone"})");
    const auto answer = shop.in("rollout start v2 -e staging --on-pause exit --progress plain");
    CHECK(answer.exit == 5);
    CHECK(contains(answer.err, "gate  smoke error: not known; the key is gone"));
    CHECK(contains(answer.err, "smoke error, not known; the key is gone"));  // once a minute
    CHECK(contains(shop.in("rollout status").out, "smoke error: not known; the key is gone"));
    CHECK(contains(shop.in("rollout status -o json").out, R"("reason": "the key is gone")"));
    CHECK(contains(shop.in("explain 1").out, "smoke error: not known; the key is gone"));
}

TEST_CASE("of the gates that are waited for, those are named that have not passed", "[cli]") {
    Shop shop(with_smoke);
    shop.say_by_smoke(R"({"verdict":"error","measured":"not known","reason":"the key is gone"})");
    const auto answer = shop.in("rollout start v2 -e staging --on-pause exit --progress plain");
    INFO(answer.err);
    CHECK(contains(answer.err, "  waiting for the gates smoke  "));
    CHECK_FALSE(contains(answer.err, "waiting for the gates health"));
}

TEST_CASE("what was not started is begun again in its environment", "[cli]") {
    Shop shop(with_smoke);
    shop.say_by_smoke(R"({"verdict":"fail","measured":7,"limit":3,"reason":"too many"})");
    const auto answer = shop.in("rollout start v2 -e production -q");
    CHECK(answer.exit == 4);
    CHECK(contains(answer.err, "next    deployctl rollout canary v2 -e production\n"));
}

TEST_CASE("a plan that is made meanwhile knows the size of before", "[cli]") {
    Shop shop(R"(strategies:
  canary: {steps: [{weight: 50, hold: 10m}]}
environments:
  staging: {namespace: shop, strategy: canary}
)");
    shop.roll_until_killed("rollout start v2 -e staging -q", 60);
    CHECK(shop.parts.world.object(in_shop(Kind::deployment, "web")).number("/spec/replicas") == 2);
    SECTION("by the journal") {}
    SECTION("by the cluster's record, on another machine") {
        shop.parts.lose_journal();
    }
    const auto answer = shop.in("plan v3-errors -e staging");
    INFO(answer.out);
    CHECK(contains(answer.out, "is active: nothing starts before its end"));
    CHECK(contains(answer.out, "the size that it has recorded is taken, 4 pods"));
    CHECK(contains(answer.out, "scale candidate to 4"));
}

TEST_CASE("what held a rollout is no reason any more once it has gone on", "[cli]") {
    Shell shell;
    const std::string held = "rollout canary v3-errors -q --on-failure hold --on-pause exit";
    CHECK(shell.run(held + on_web).exit == 5);
    CHECK(contains(shell.run("explain 1").out, "  why     health: "));
    shell.parts.world.behave("v3-errors", simcluster::good());
    CHECK(shell.run("rollout resume 1 -q").exit == 0);
    const auto explained = shell.run("explain 1");
    INFO(explained.out);
    CHECK_FALSE(contains(explained.out, "  why     health: "));
    CHECK(contains(explained.out, "  why    v3-errors serves"));
    CHECK(contains(explained.out, "FAIL  "));  // and what happened stays told
}

TEST_CASE("after a shift of the traffic, what is offered leads to different ends", "[cli]") {
    Shell shell;
    shell.parts.signals.send_at(seconds(30), Interrupt::interrupt);
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 8);
    const std::string back = "deployctl rollout rollback 1 --reason TEXT, all the way back";
    const auto status = shell.run("rollout status");
    INFO(status.out);
    CHECK(contains(status.out, "next    deployctl rollout retry 1, forward again; " + back));
    shell.parts.people.say("ada@laptop", Liveness::dead);
    const auto left = shell.run("rollout recover -n shop");
    CHECK(left.exit == 5);
    CHECK(contains(left.out, back));
    CHECK_FALSE(contains(left.out, "resume"));
}

TEST_CASE("what somebody sends back has not failed", "[cli]") {
    Shell shell;
    const std::string held = " -q --on-failure hold --on-pause exit";
    CHECK(shell.run("rollout canary v2 -q --timeout 8s --on-interrupt hold" + on_web).exit == 8);
    CHECK(shell.run("rollout abort 1 --reason 'wrong tag' -q").exit == 0);
    CHECK(contains(shell.run("history").out, "1 deployment, 0 failed (0.0%)"));
    CHECK(shell.run("rollout canary v3-errors" + held + on_web).exit == 5);
    CHECK(shell.run("rollout abort 2 --reason errors -q").exit == 0);
    CHECK(contains(shell.run("history").out, "2 deployments, 1 failed (50.0%)"));
}
