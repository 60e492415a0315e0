// SPDX-License-Identifier: Apache-2.0
// Who runs the test's rollout, and which other runners live. One thread.
#pragma once

#include "ports/runners.hpp"

#include <map>
#include <string>

namespace deployctl::simcluster {

class ScriptedRunners final : public Runners {
public:
    explicit ScriptedRunners(const std::string& identity = "ada@laptop", std::int64_t pid = 100)
        : self_{identity, "laptop", pid, 1, "boot-1"} {}

    Runner self() const override { return self_; }

    /// What was said of it; this runner lives, of any other nobody knows.
    Liveness liveness(const Runner& runner) const override {
        const auto found = said_.find(runner.identity);
        if (found != said_.end()) {
            return found->second;
        }
        return runner == self_ ? Liveness::alive : Liveness::unknown;
    }

    void live_in(const std::string& pid_namespace) { self_.pid_namespace = pid_namespace; }

    void say(const std::string& identity, Liveness liveness) { said_[identity] = liveness; }

private:
    Runner self_;
    std::map<std::string, Liveness> said_;
};

}  // namespace deployctl::simcluster
