// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/run_commands.hpp"

#include "documents/lines.hpp"
#include "documents/shell_commands.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>
#include <span>

namespace deployctl::readiness {

namespace {

using documents::ShellCommand;

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// Also by the names that scripts give to functions of their own.
bool is_said(std::string_view program) {
    static constexpr std::array<std::string_view, 24> sayers = {
        "echo", "printf", ":",     "true",    "false",  "log",   "logger", "say",
        "info", "warn",   "error", "warning", "debug",  "print", "note",   "msg",
        "die",  "fail",   "abort", "usage",   "notice", "title", "step",   "banner"
    };
    return is_one_of(sayers, program);
}

bool is_set(std::string_view program) {
    static constexpr std::array<std::string_view, 9> setters = {
        "export", "declare", "local", "readonly", "typeset", "alias", "unset", "set", "exit"
    };
    return program.empty() || is_one_of(setters, program);
}

/// Runs what its arguments say, whichever of them begins it.
bool carries(const ShellCommand& command) {
    static constexpr std::array<std::string_view, 13> carriers = {
        "ssh",
        "su",
        "timeout",
        "nice",
        "ionice",
        "xargs",
        "flock",
        "chronic",
        "chroot",
        "eval",
        "nsenter",
        "gosu",
        "shell"  // `$(shell date)` of make
    };
    static constexpr std::array<std::string_view, 6> runtimes = {
        "kubectl", "oc", "docker", "podman", "nerdctl", "docker-compose"
    };
    if (is_one_of(carriers, command.program)) {
        return true;
    }
    const auto words = documents::split_words(command.arguments);
    return is_one_of(runtimes, command.program) &&
           std::ranges::any_of(words, [](std::string_view word) {
               return word.starts_with("exec") || word.starts_with("run");
           });
}

void add_carried(std::string_view script, std::vector<std::string>& runs) {
    constexpr std::size_t most_words = 12;
    for (const auto& inner : documents::read_shell_commands(script)) {
        const auto text = inner.program + " " + inner.arguments;
        std::string_view rest = text;
        for (std::size_t at = 0; at < most_words && !rest.empty(); ++at) {
            const auto word = rest.substr(0, rest.find(' '));
            if (is_said(word)) {
                break;
            }
            if (!word.starts_with('-')) {
                const auto slash = word.rfind('/');
                runs.emplace_back(rest.substr(slash == word.npos ? 0 : slash + 1));
            }
            rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        }
    }
}

/// `echo "$(date) begins"`: all dates of its line are said.
bool says_date(std::span<const ShellCommand> commands) {
    return std::ranges::any_of(commands, [](const ShellCommand& one) {
        return is_said(one.program) && one.arguments.find("$(date") != std::string::npos;
    });
}

/// `echo $(date)`
bool follows_a_word(std::span<const ShellCommand> commands, std::size_t at) {
    return at > 0 && is_said(commands[at - 1].program) && commands[at - 1].arguments.empty();
}

}  // namespace

std::vector<std::string> commands_run(std::string_view line) {
    // `$(ENV)` of a Makefile is a variable; no command has such a name.
    static const RE2 variable(R"(\$\(([A-Z_][A-Z0-9_]*)\))");
    std::string script(line);
    RE2::GlobalReplace(&script, variable, R"(${\1})");
    std::vector<std::string> runs;
    const auto commands = documents::read_shell_commands(script);
    constexpr std::string_view date = "date";
    const bool is_date_said = says_date(commands);
    for (std::size_t at = 0; at < commands.size(); ++at) {
        const auto& command = commands[at];
        const bool is_said_date =
            command.program == date && (is_date_said || follows_a_word(commands, at));
        if (is_said(command.program) || is_set(command.program) || is_said_date) {
            continue;
        }
        auto text = command.program;
        text += command.arguments.empty() ? "" : " " + command.arguments;
        text += command.targets.empty() ? "" : " >" + command.targets;
        runs.push_back(std::move(text));
        if (carries(command)) {
            add_carried(command.arguments, runs);
        }
    }
    return runs;
}

bool says_something(std::string_view line) {
    return std::ranges::any_of(
        documents::read_shell_commands(line),
        [](const ShellCommand& command) { return is_said(command.program); }
    );
}

}  // namespace deployctl::readiness
