// SPDX-License-Identifier: Apache-2.0
#include "analysis/exhaustion.hpp"

#include "analysis/wording.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::analysis {

namespace {

constexpr std::ptrdiff_t least_samples = 10;
constexpr double longest_told = 3.15e8;  // ten years: the microseconds of more do not fit

std::string seconds_told(double seconds) {
    const auto rounded = std::chrono::seconds(std::llround(std::min(seconds, longest_told)));
    return to_text(Duration(rounded));
}

std::optional<double> seconds_to(const Line& line, double limit) {
    if (line.at_end >= limit) {
        return 0;
    }
    return line.slope > 0 ? std::optional((limit - line.at_end) / line.slope) : std::nullopt;
}

}  // namespace

ExhaustionJudgement judge(std::span<const Sample> samples, const ExhaustionSettings& settings) {
    const auto finite = std::ranges::count_if(samples, [](const Sample& sample) {
        return std::isfinite(sample.seconds) && std::isfinite(sample.value);
    });
    const auto line = theil_sen(samples);
    if (finite < least_samples || !line) {
        return {Answer::inconclusive, "fewer than ten samples", std::nullopt};
    }
    const auto left = seconds_to(*line, settings.limit);
    const auto at = short_number(line->at_end) + " of " + short_number(settings.limit) + ", " +
                    short_number(line->slope) + " a second";
    if (!left) {
        return {Answer::pass, at + ": not on its way to the limit", left};
    }
    const double within = std::chrono::duration<double>(settings.within).count();
    return {
        *left <= within ? Answer::fail : Answer::pass,
        at + ": the limit is reached in " + seconds_told(*left),
        left
    };
}

}  // namespace deployctl::analysis
