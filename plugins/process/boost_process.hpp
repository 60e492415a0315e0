// SPDX-License-Identifier: Apache-2.0
// Programs by Boost.Process: each in a process group of its own, dying with this process.
#pragma once

#include "ports/process.hpp"

namespace deployctl::plugins {

class BoostProcess final : public Process {
public:
    Task<CommandResult> run(Command command) override;
};

/// The full path of a program in $PATH; empty where there is none.
std::string find_program(const std::string& name);

}  // namespace deployctl::plugins
