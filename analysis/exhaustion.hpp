// SPDX-License-Identifier: Apache-2.0
// How long until a gauge that rises reaches its limit, by the line through its last samples
// (theil_sen.hpp): memory of a pod, space of a volume. Pure; any thread.
#pragma once

#include "analysis/theil_sen.hpp"
#include "model/time.hpp"
#include "model/verdict.hpp"

#include <optional>
#include <span>
#include <string>

namespace deployctl::analysis {

struct ExhaustionSettings {
    double limit = 0;
    Duration within = std::chrono::minutes(15);  ///< fails where the limit is reached so soon
};

struct ExhaustionJudgement {
    Answer answer = Answer::inconclusive;
    std::string reason;
    std::optional<double> seconds_left;  ///< nothing where it is not on its way
};

/// Inconclusive with fewer than ten finite samples.
ExhaustionJudgement judge(std::span<const Sample> samples, const ExhaustionSettings& settings);

}  // namespace deployctl::analysis
