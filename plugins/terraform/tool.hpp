// SPDX-License-Identifier: Apache-2.0
// Runs Terraform or OpenTofu to its end. Its outputs go into private files, not pipes: where this
// process dies, the tool gets SIGINT, saves its state and ends in its own way. To be stopped means
// the same: SIGINT, and once the grace is over a second one, then SIGKILL; so does a cancelled
// coroutine that has called `keep_cancellation`. Whoever is told of it meanwhile and throws is told
// no more: the tool goes on to its own end. Engine's thread.
#pragma once

#include "plugins/terraform/arguments.hpp"
#include "ports/clock.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace deployctl::plugins::terraform {

/// From now on a cancelled coroutine goes on, and `Tool` asks it whether it was cancelled.
Task<> keep_cancellation();

struct ToolPlace {
    std::string program;  ///< a path, or a name of $PATH
    std::string folder;   ///< private: outputs, and what the tool itself keeps
    std::map<std::string, std::string> environment = {};
    /// How often somebody has asked to stop, so far. May be empty.
    std::function<int()> stops = {};
};

struct ToolCall {
    Arguments arguments;
    Duration timeout = minutes(10);
    Duration grace = seconds(50);
    std::string output_name = "output";  ///< in the folder; `keep_output` leaves it there
    enum class Output { take, keep } output = Output::take;
    /// The standard output, as it comes. May be empty.
    std::function<void(std::string_view line)> on_line = {};
    /// Once it runs: its process number. May be empty.
    std::function<void(int pid)> on_start = {};
    /// Between two looks at it, while it runs. May be empty.
    std::function<Task<>()> meanwhile = {};
};

struct ToolEnd {
    enum class Kind { exited, signalled, timed_out, stopped, not_started } kind{};
    int code = 0;  ///< or the signal
    std::string output;
    std::string error_output;
    bool is_cut = false;  ///< there was more output
    /// What the first of those threw who were told of it while it ran; empty: nobody did.
    std::string untold;

    bool is_done() const { return kind == Kind::exited && code == 0; }
};

/// "exit code 1", "not done after 10m, and ended".
std::string how_it_ended(const ToolCall& call, const ToolEnd& end);

class Tool {
public:
    Tool(ToolPlace place, Clock& clock) : place_(std::move(place)), clock_(clock) {}

    Task<ToolEnd> run(ToolCall call);
    /// How often somebody has asked to stop, so far; a cancelled coroutine counts.
    Task<int> count_stops();

    const ToolPlace& place() const { return place_; }

private:
    ToolPlace place_;
    Clock& clock_;
};

}  // namespace deployctl::plugins::terraform
