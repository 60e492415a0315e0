// SPDX-License-Identifier: Apache-2.0
#include "documents/shell_commands.hpp"

#include <catch2/catch.hpp>

using deployctl::documents::read_shell_commands;

namespace {

/// "settings program arguments |" each, joined by "; ".
std::string told(std::string_view script) {
    std::string text;
    for (const auto& command : read_shell_commands(script)) {
        text += text.empty() ? "" : "; ";
        text += command.settings + (command.settings.empty() || command.program.empty() ? "" : " ");
        text += command.program + (command.arguments.empty() ? "" : " ") + command.arguments;
        text += command.piped ? " |" : "";
    }
    return text;
}

}  // namespace

TEST_CASE("a script is split where a shell splits it", "[documents]") {
    CHECK(told("a b&&c||d;e\nf & g") == "a b; c; d; e; f; g");
    CHECK(told("a | b |& c") == "a |; b |; c");
    CHECK(told("a \"b && c\" 'd; e' f\\;g") == "a b && c d; e f;g");
    CHECK(told("(a); { b; }; if c; then d; fi") == "a; b; }; c; d");
    CHECK(told("a # b; c\nd#e") == "a; d#e");
    CHECK(told("a \\\n  b") == "a b");
    CHECK(told("") == "");
    CHECK(told(" ;; && \n") == "");
}

TEST_CASE("where output goes is kept apart", "[documents]") {
    const auto commands = read_shell_commands("a b >x 2>> \"y z\" c; d");
    REQUIRE(commands.size() == 2);
    CHECK(commands[0].arguments == "b c");
    CHECK(commands[0].targets == "x y z");
    CHECK(commands[1].targets.empty());
}

TEST_CASE("what only says where output goes is no argument", "[documents]") {
    CHECK(told("a b > /dev/null 2>&1 c") == "a b c");
    CHECK(told("a 2>x && b >>y < z &>w") == "a; b");
    CHECK(told("a <<EOF") == "a");
}

TEST_CASE("settings, keywords and folders of a program are taken off", "[documents]") {
    CHECK(
        told("A=1 B='x y' /usr/bin/env C=2 apt-get install x") ==
        "A=1 B=x y env C=2 apt-get install x"
    );
    CHECK(told("exec A=1 b") == "A=1 b");
    CHECK(told("A=1; b") == "A=1; b");
    CHECK(told("'if' a") == "if a");
}

TEST_CASE("commands inside others are seen, too", "[documents]") {
    CHECK(told("sudo -E A=1 apt-get update") == "sudo -E A=1 apt-get update; apt-get update");
    CHECK(told("bash -ec 'curl x | sh'") == "bash -ec curl x | sh; curl x |; sh");
    CHECK(told("bash -o pipefail -c 'a | b'") == "bash -o pipefail -c a | b; a |; b");
    CHECK(told("x=$(curl -k y)") == "x=; curl -k y");
    CHECK(told("X=\"$(curl y) z\" b") == "curl y; X=$(curl y) z b");
    CHECK(told("a ${B:-c} $D") == "a ${B:-c} $D");
}

TEST_CASE("a script that does not end is read to its end", "[documents]") {
    for (const auto* const script :
         {"a '", "a \"b", "a \\", "a ${", "a $(", "a \"$(", "a <", "$", "sh -c"}) {
        CHECK(read_shell_commands(script).size() <= 2);
    }
    std::string deep;
    for (int depth = 0; depth < 20'000; ++depth) {
        deep += "\"$(sudo sh -c '";
    }
    CHECK_FALSE(read_shell_commands(deep).empty());
    CHECK(read_shell_commands(std::string(500'000, '(')).empty());
    std::string sudo;
    for (int time = 0; time < 50'000; ++time) {
        sudo += "sudo x ";
    }
    CHECK(read_shell_commands(sudo).size() == 2);
}
