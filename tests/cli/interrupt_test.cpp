// SPDX-License-Identifier: Apache-2.0
// Ctrl-C in a rollout: who is asked, what the answers do, and what happens meanwhile.
#include "tests/cli/golden_check.hpp"
#include "tests/cli/shell.hpp"

#include <string>

using namespace deployctl;
using tests::on_web;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A canary of which 10 % are held from second 12 to second 72, with somebody at the terminal.
struct Held : Shell {
    Held() { has_terminal = true; }

    void press_ctrl_c_at(int second) {
        parts.signals.send_at(seconds(second), Interrupt::interrupt);
    }

    void type_at(int second, char key) { parts.keyboard.type_at(seconds(second), key); }

    tests::Answer roll(const std::string& more) {
        return run_with_input(
            "rollout canary v2 -y --color never --progress plain " + more + on_web, "\n"
        );
    }

    std::string state() { return run("rollout list -o json").out; }

    /// Renewals of the Lease between these two seconds.
    int renewals(int from, int to) {
        return writes_to(from, to, [](Kind kind) { return kind == Kind::lease; });
    }

    /// Writes to anything else.
    int changes(int from, int to) {
        return writes_to(from, to, [](Kind kind) { return kind != Kind::lease; });
    }

    int writes_to(int from, int to, bool (*is_meant)(Kind)) {
        int count = 0;
        for (const auto& write : parts.world.writes()) {
            const bool is_then = write.at >= seconds(from) && write.at <= seconds(to);
            count += is_then && is_meant(write.ref.kind) ? 1 : 0;
        }
        return count;
    }
};

}  // namespace

TEST_CASE("Ctrl-C at a terminal asks, and the rollout goes on until there is an answer", "[cli]") {
    Held shell;
    shell.press_ctrl_c_at(20);
    shell.type_at(29, 'x');
    shell.type_at(29, 'k');
    const auto answer = shell.roll("");
    CHECK(answer.exit == 0);
    CHECK(contains(
        answer.err, "Ctrl-C: [k]eep going  [h]old here  [s]hift traffic to stable  [r]oll back"
    ));
    CHECK(contains(answer.err, "\nkeep going\n"));
    CHECK(contains(answer.out, "rollout 1 promoted"));
    CHECK(shell.renewals(21, 29) >= 1);
}

TEST_CASE("no more traffic moves while the question of Ctrl-C stands", "[cli]") {
    Held shell;
    shell.press_ctrl_c_at(70);
    shell.type_at(79, 'k');
    CHECK(shell.roll("").exit == 0);
    CHECK(shell.changes(70, 78) == 0);
    CHECK(shell.changes(79, 85) > 0);
}

TEST_CASE("each answer to Ctrl-C does what it says, whatever on_interrupt is", "[cli]") {
    struct Row {
        char key;
        int exit;
        const char* state;
    };

    const auto row = GENERATE(values<Row>({
        {'h', 8, "\"paused\""},
        {'s', 8, "\"paused\""},
        {'r', 6, "\"rolled_back\""},
    }));
    INFO(row.key);
    Held shell;
    shell.press_ctrl_c_at(20);
    shell.type_at(22, row.key);
    const auto answer =
        shell.roll(row.key == 'h' ? "--on-interrupt rollback" : "--on-interrupt hold");
    CHECK(answer.exit == row.exit);
    CHECK(contains(shell.state(), row.state));
    CHECK(contains(shell.state(), row.key == 'h' ? "\"forward\"" : "\"back\""));
    if (row.key == 's') {  // `resume` and `abort` would be one and the same
        CHECK(contains(
            answer.err,
            "deployctl rollout retry 1, forward again · deployctl rollout rollback 1 --reason TEXT"
        ));
    }
}

TEST_CASE("who does not answer within ten seconds holds", "[cli]") {
    Held shell;
    shell.press_ctrl_c_at(20);
    const auto answer = shell.roll("");
    CHECK(answer.exit == 8);
    CHECK(contains(answer.err, "no answer, hold here"));
    INFO(answer.err);
    CHECK(contains(answer.err, "12:00:30 pause"));
}

TEST_CASE("a second Ctrl-C does what on_interrupt says, a third leaves at once", "[cli]") {
    Held shell;
    shell.press_ctrl_c_at(20);
    shell.press_ctrl_c_at(22);
    SECTION("second") {
        CHECK(shell.roll("--on-interrupt rollback").exit == 6);
    }
    SECTION("third") {
        shell.press_ctrl_c_at(25);
        const auto answer = shell.roll("--on-interrupt rollback");
        CHECK(answer.exit == 8);
        CHECK(contains(answer.err, "interrupted: the runner left at once"));
    }
}

TEST_CASE("nobody is asked with --no-input, without a terminal, or at SIGTERM", "[cli]") {
    Held shell;
    SECTION("--no-input") {
        shell.press_ctrl_c_at(20);
        const auto answer = shell.roll("--no-input --on-interrupt rollback");
        CHECK(answer.exit == 6);
        CHECK_FALSE(contains(answer.err, "[k]eep going"));
    }
    SECTION("no terminal") {
        shell.press_ctrl_c_at(20);
        shell.has_terminal = false;
        const auto answer = shell.roll("--on-interrupt rollback");
        CHECK(answer.exit == 6);
        CHECK_FALSE(contains(answer.err, "[k]eep going"));
    }
    SECTION("SIGTERM") {
        shell.parts.signals.send_at(seconds(20), Interrupt::terminate);
        const auto answer = shell.roll("--on-interrupt rollback");
        CHECK(answer.exit == 8);  // the way back takes longer than the five seconds it has
        CHECK(contains(answer.err, "interrupted: terminated, and not done within 5s"));
        CHECK(contains(shell.state(), "\"back\""));
        CHECK_FALSE(contains(answer.err, "[k]eep going"));
    }
}

TEST_CASE("a rollout that waits at a pause can be sent back by Ctrl-C", "[cli]") {
    Held shell;
    shell.press_ctrl_c_at(200);
    shell.type_at(201, 'r');
    const auto answer = shell.run_with_input(
        "rollout canary v3-errors -y --progress plain --on-failure hold" + on_web, "\n"
    );
    CHECK(answer.exit == 6);
    CHECK(contains(answer.err, "interrupted, going back as answered"));
}
