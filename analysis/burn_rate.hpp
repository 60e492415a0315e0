// SPDX-License-Identifier: Apache-2.0
// How fast a service spends its error budget: 1 spends exactly all of it in the SLO's period. A
// pair of windows fails where both spend too fast: the long one for weight, the short one so that
// it stops soon after the trouble does (The Site Reliability Workbook, 2018, chapter 5). Pure.
#pragma once

#include "analysis/counts.hpp"
#include "model/time.hpp"
#include "model/verdict.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::analysis {

struct WindowPair {
    Duration long_window{};
    Duration short_window{};
    double factor = 0;  ///< fails at this burn rate and above
};

/// 14.4 times over 1h and 5m, 6 times over 6h and 30m: 2 % and 5 % of a 30-day budget.
std::vector<WindowPair> usual_windows();

struct WindowCounts {
    Counts in_long;
    Counts in_short;
};

/// `objective`: the share of good requests that was promised, 0 < objective < 1. Nothing without
/// requests.
std::optional<double> burn_rate(const Counts& counts, double objective);

struct BurnJudgement {
    Answer answer = Answer::inconclusive;
    std::string reason;
};

/// One count for each pair. Fails where a pair does; inconclusive where none does but one has no
/// requests; error where a count or the objective makes no sense.
BurnJudgement judge_burn(
    const std::vector<WindowPair>& pairs, const std::vector<WindowCounts>& counts, double objective
);

}  // namespace deployctl::analysis
