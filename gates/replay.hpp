// SPDX-License-Identifier: Apache-2.0
// Verdicts judged anew from the evidence that was stored of them, by the functions that judged them
// first: whoever reads a journal can see that they follow from what was measured, years later and
// without anybody to ask. One object a gate and rollout, told what was recorded in its order, since
// some answers rest on all before. Pure; hostile evidence judges to something else, and no worse.
#pragma once

#include "analysis/trend.hpp"
#include "gates/analysis_tests.hpp"
#include "model/gates.hpp"
#include "model/verdict.hpp"

#include <optional>
#include <string>

namespace deployctl::gates {

struct Replay {
    std::optional<Verdict> verdict;  ///< judged anew
    std::string why_not;  ///< where it is not: whose word it rests on, or what is missing
};

class VerdictReplay {
public:
    explicit VerdictReplay(GateQuestion question);
    /// Of the version's own gate.
    explicit VerdictReplay(std::string version);

    Replay take(const Verdict& recorded);

private:
    struct Judge;

    GateQuestion question_;
    std::string version_;                 ///< that pods are to answer; empty: no such gate
    std::optional<AnalysisTests> tests_;  ///< of a sequential gate
    analysis::Trend trend_ = analysis::make_trend();  ///< of trend and leak
};

}  // namespace deployctl::gates
