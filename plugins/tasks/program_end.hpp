// SPDX-License-Identifier: Apache-2.0
// How a program of a task ended, in words, with the end of what it printed. Pure.
#pragma once

#include "ports/process.hpp"
#include "ports/tasks.hpp"

namespace deployctl::plugins {

/// Done with exit code 0, else failed.
TaskReport report_of(const Command& command, const CommandResult& result);

}  // namespace deployctl::plugins
