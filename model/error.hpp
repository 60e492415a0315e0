// SPDX-License-Identifier: Apache-2.0
// An accident that a person is told about: what happened, to what, why, what to do next, and with
// which exit code the program ends. Thrown; caught only where docs/ARCHITECTURE.md lists it.
// Outcomes of the domain are values, never this.
#pragma once

#include "model/diagnostics.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace deployctl {

/// Stable: they stand in the manual and in the last event of every run.
enum class ExitCode {
    done = 0,
    internal_error = 1,
    usage = 2,
    changes_pending = 3,
    blocked = 4,
    paused = 5,
    rolled_back = 6,
    not_rolled_back = 7,
    stopped_watching = 8,
    locked = 9,
    tool_missing = 10,
    state_unreadable = 11,
    assessment_incomplete = 12,
    interrupted = 130,
    terminated = 143,
};

class Error : public std::runtime_error {
public:
    Error(ExitCode exit, std::string what_happened, std::string what_to_do = "")
        : std::runtime_error(std::move(what_happened)), exit_(exit), help_(std::move(what_to_do)) {}

    ExitCode exit() const { return exit_; }

    const std::string& help() const { return help_; }

    const std::vector<std::string>& context() const { return context_; }

    /// Where it happened, added on the way up by whoever knows: "while shifting traffic of web".
    void add_context(std::string where) { context_.push_back(std::move(where)); }

private:
    ExitCode exit_;
    std::string help_;
    std::vector<std::string> context_;
};

/// What a person wrote is wrong; carries every mistake found.
class ConfigError : public Error {
public:
    explicit ConfigError(Diagnostics diagnostics)
        : Error(ExitCode::usage, "the configuration has mistakes"),
          diagnostics_(std::move(diagnostics)) {}

    const Diagnostics& diagnostics() const { return diagnostics_; }

private:
    Diagnostics diagnostics_;
};

}  // namespace deployctl
