// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end: an argument list, never a shell string. Both outputs are drained while
// it runs; past the timeout it gets SIGTERM, then SIGKILL after the grace. No child outlives the
// call. Engine's thread.
#pragma once

#include "model/time.hpp"
#include "ports/task.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl {

struct Command {
    std::vector<std::string> argv;
    std::map<std::string, std::string> environment;  ///< added to the program's own
    std::string input;                               ///< written to its standard input
    Duration timeout = seconds(30);
    Duration grace = seconds(5);
};

struct CommandResult {
    enum class End { exited, signalled, timed_out, not_started } end{};
    int exit_code = 0;  ///< or the signal
    std::string output;
    std::string error_output;
};

class Process {
public:
    virtual ~Process() = default;
    virtual Task<CommandResult> run(Command command) = 0;
};

}  // namespace deployctl
