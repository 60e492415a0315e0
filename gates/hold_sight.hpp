// SPDX-License-Identifier: Apache-2.0
// What the holds of a rollout can see at the present traffic: how much worse a version has to be
// for a sequential gate to abort it by the end of a hold (analysis/power.hpp), and whether one that
// is as good could ever pass. The metrics source is asked once for what the pods take now; where it
// does not say, that is said. Judging is pure.
#pragma once

#include "gates/gate.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::gates {

/// While the new version has traffic: beside the old one, or alone, against what that had before.
struct PlannedHold {
    std::string stage;  ///< "25%"
    double share = 0;   ///< of the traffic, that the candidate's pods take; 1: alone
    Duration hold{};
    bool is_warm = false;  ///< its pods have been looked at for long enough before
};

/// One test in one hold.
struct HoldSight {
    PlannedHold planned;
    double requests = 0;          ///< the candidate's, expected in it
    double base_rate = 0;         ///< of the present version
    std::optional<double> ratio;  ///< the least that is seen
    std::string text;             ///< all of it as one line
    std::string help;             ///< what would see more, where hardly anything is seen
};

struct GateSight {
    std::vector<HoldSight> holds;
    std::vector<std::string> unknown;  ///< why it is not known
    std::vector<std::string> never;    ///< what can never pass, whatever the hold
};

/// Who is asked, and about which pods: those that have the traffic now.
struct SightSource {
    Metrics& metrics;
    MetricsSource source;
    Placeholders names;
    std::vector<std::string> pods;
};

Task<GateSight> look_ahead(
    SightSource source, AnalysisQuestion question, std::vector<PlannedHold> holds
);

}  // namespace deployctl::gates
