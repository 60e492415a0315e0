// SPDX-License-Identifier: Apache-2.0
// What freezes an app's environments: the configured windows and the ad-hoc freezes of the journal
// that is used. Needs no cluster.
#pragma once

#include "calendar/freeze.hpp"
#include "cli/session.hpp"
#include "model/plan.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// Of checked settings.
calendar::TimeZone zone_of(const FreezeSettings& settings);
std::vector<calendar::Closure> closures_of(
    const FreezeSettings& settings, const std::vector<Freeze>& freezes
);

struct FreezeFinding {
    calendar::Outlook outlook;
    /// "frozen by `weekend` until Mon 07:00 (Europe/Berlin)", "none before Fri 17:00 (...)"; empty
    /// where nothing ever freezes it.
    std::string text;
};

/// "ada@laptop (sre)", by which of the roles that may override a freeze they may.
std::string with_roles(const std::string& identity, const Configuration& configuration);
FreezeFinding find_freeze(
    const FreezeSettings& settings,
    const std::vector<Freeze>& freezes,
    const std::string& environment,
    WallTime now
);
/// By the windows and by the journal's freezes, as of now.
FreezeFinding freeze_now(Parts& parts, const Configuration& configuration, const Target& target);
/// What it takes besides a reason, as the end of a sentence: ", once approval sre is given"; empty:
/// nothing.
std::string conditions_of(const FreezeOverride& takes);
/// Why this person's override does not count for the plan; empty where it does.
std::string object_to_override(
    const FreezeOverride& takes, const std::string& identity, const Plan& plan
);

}  // namespace deployctl::cli
