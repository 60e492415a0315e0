// SPDX-License-Identifier: Apache-2.0
// The logs of a rollout's pods, now and as they come.
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::on_web;
using tests::Shell;

namespace {

int count(const std::string& text, const std::string& part) {
    int times = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++times;
    }
    return times;
}

tests::Behaviour chatty() {
    auto behaviour = tests::good();
    behaviour.chats_every = seconds(2);
    return behaviour;
}

/// A canary that holds at 10 %, with one pod that says a line every two seconds.
struct Talking : Shell {
    Talking() {
        parts.world.behave("v3-errors", chatty());
        parts.signals.send_at(seconds(20), Interrupt::terminate);
        CHECK(run("rollout canary v3-errors -q --on-interrupt hold" + on_web).exit == 8);
    }
};

}  // namespace

TEST_CASE("followed logs are told once each, until Ctrl-C", "[cli]") {
    Talking shell;
    shell.parts.signals.send_at(shell.parts.time.elapsed() + seconds(10), Interrupt::interrupt);
    const auto answer = shell.run("logs --follow");
    CHECK(answer.exit == 8);
    CHECK(count(answer.out, "listening on :8080\n") == 1);
    CHECK(count(answer.out, "==> web-canary-") == 1);
    for (const auto* tick : {"tick 1\n", "tick 4\n", "tick 7\n", "tick 8\n"}) {
        INFO(tick);
        CHECK(count(answer.out, tick) == 1);
    }
}

TEST_CASE("followed logs begin with as many lines as asked for, and can be data", "[cli]") {
    Talking shell;
    shell.parts.signals.send_at(shell.parts.time.elapsed() + seconds(5), Interrupt::interrupt);
    const auto answer = shell.run("logs -F --lines 1 -o ndjson");
    CHECK(count(answer.out, "\"tick 1\"") == 0);
    CHECK(count(answer.out, "\"tick 5\"") == 1);
    CHECK(answer.out.starts_with("{\"container\":\"web\",\"lines\":[\"tick "));
}

TEST_CASE("followed logs end with the rollout; of an ended one they go on until Ctrl-C", "[cli]") {
    Talking shell;
    shell.parts.people.say("ada@laptop", Liveness::dead);
    shell.parts.time.call_at(shell.parts.time.elapsed() + seconds(4), [&shell] {
        CHECK(shell.run("rollout abort --reason enough -q").exit == 0);
    });
    const auto candidate = shell.run("logs --follow");
    CHECK(candidate.exit == 0);
    CHECK(count(candidate.out, "tick 6\n") == 1);
    shell.parts.signals.send_at(shell.parts.time.elapsed() + seconds(3), Interrupt::interrupt);
    const auto stable = shell.run("logs --follow --track stable");
    CHECK(stable.exit == 0);
    CHECK(count(stable.out, "==> web-") == 4);
}
