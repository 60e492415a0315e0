// SPDX-License-Identifier: Apache-2.0
// Programs of a test: each answer belongs to the begin of an argument list, the longest that
// matches wins, the answers of one come in turn and the last one stays. What nobody scripted is
// `not_started`. One thread.
#pragma once

#include "ports/process.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace deployctl::tests {

class FakeProcess final : public Process {
public:
    FakeProcess& on(std::vector<std::string> argv_begin, CommandResult result);
    /// The same with exit code 0 and this output.
    FakeProcess& on(std::vector<std::string> argv_begin, std::string output);

    const std::vector<Command>& commands() const { return commands_; }

    /// "kubectl kustomize overlays/prod", one a line.
    std::string commands_text() const;

    Task<CommandResult> run(Command command) override;

private:
    CommandResult answer(const std::vector<std::string>& argv);

    std::map<std::vector<std::string>, std::deque<CommandResult>> scripts_;
    std::vector<Command> commands_;
};

}  // namespace deployctl::tests
