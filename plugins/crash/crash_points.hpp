// SPDX-License-Identifier: Apache-2.0
// Named moments of a run at which this process is lost, for tests of what comes after
// (DEPLOYCTL_CRASH_AT, see CONTRIBUTING.md). "patch/Deployment/before" is passed as often as a
// Deployment is about to be patched; at the n-th time the process kills itself, as kill -9 would.
// Made by the wiring where the variable is set, and outlives the decorators; engine's thread.
#pragma once

#include "ports/clock.hpp"

#include <fstream>
#include <map>
#include <string>

namespace deployctl::plugins {

class CrashPoints {
public:
    /// "NAME:N" dies there, "stop:NAME:N" stands still until SIGCONT, "list:FILE" writes down each
    /// moment that is passed, with its boot time in seconds. Throws Error{usage} for anything else.
    CrashPoints(const std::string& order, const Clock& clock);

    void pass(const std::string& name);

private:
    void await(const std::string& point);

    const Clock& clock_;
    std::map<std::string, int> passed_;
    std::string awaited_;  ///< "NAME:N"; empty where they are listed
    int signal_ = 0;
    std::ofstream list_;
};

}  // namespace deployctl::plugins
