// SPDX-License-Identifier: Apache-2.0
// A gate that is asked once, of what runs now: `gate test`, and the look that a line of rollouts
// takes at what it has brought out. Owns nothing; engine's thread. Throws Error where the gate, or
// the cluster, is not there.
#pragma once

#include "cli/session.hpp"
#include "model/plan.hpp"
#include "model/settings.hpp"
#include "model/verdict.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// Throws Error{usage} where none of that name is configured.
GateSettings find_gate(const Configuration& configuration, const std::string& name);

struct Tested {
    std::vector<std::string> pods;
    std::vector<std::string> beside;  ///< stable's, of a gate that compares
    Verdict verdict;

    /// Where nothing is new there is nothing to compare with but itself.
    bool is_itself() const { return !pods.empty() && pods == beside; }
};

/// Of the new version with the old one beside it.
bool compares(const GateQuestion& question);

/// Of whom it is asked: the environment's workload, its ready pods on that track.
struct Trial {
    std::string gate;
    Environment environment;
    Slot track = Slot::stable;
};

Tested try_gate(Session& session, const Configuration& configuration, const Trial& trial);

/// Each once, of what runs there, and again after a sample that does not pass, up to its
/// `fail_after`. Those that compare have nothing to compare with, and are left out. Why the first
/// that does not pass does not; empty where all do.
std::string ask_gates(
    Session& session,
    const Configuration& configuration,
    const Environment& environment,
    const std::vector<std::string>& names
);

}  // namespace deployctl::cli
