// SPDX-License-Identifier: Apache-2.0
// Programs by Boost.Process: each in a process group of its own, which ends as a whole: when its
// leader has ended, when the time is over, when the task is cancelled, and with this process.
// Engine's thread.
#pragma once

#include "ports/process.hpp"

namespace deployctl::plugins {

class BoostProcess final : public Process {
public:
    BoostProcess();

    /// Where the leader ended well and others of the group still ran, `left_behind` says so.
    /// `not_started` has the reason in `error_output`. Of each output the first 16 MiB are kept.
    Task<CommandResult> run(Command command) override;
};

/// The full path of a program in $PATH; empty where there is none.
std::string find_program(const std::string& name);

}  // namespace deployctl::plugins
