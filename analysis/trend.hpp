// SPDX-License-Identifier: Apache-2.0
// Does a gauge rise (`trend`), or the canary's more than the baseline's beside it (`leak`)? Samples
// of memory depend on those before, so blocks of at least ten are made, and only the sign of each
// block's slope counts: as likely up as down, if nothing rises. That is the process of
// ratio_curve.hpp with a share of one half, so it may be looked at after every block. It fails
// where the signs are sure *and* the slope over all blocks (Theil 1950; Sen 1968) is above the
// limit. A trend of a saw-tooth has more ups than downs by nature: there the limit decides, or
// `leak`, whose two sides have the same teeth. The state is bounded: of many blocks, neighbours
// are merged. A value; one owner.
#pragma once

#include "analysis/ratio_curve.hpp"
#include "analysis/theil_sen.hpp"
#include "model/verdict.hpp"

#include <span>
#include <string>
#include <vector>

namespace deployctl::analysis {

inline constexpr std::size_t least_in_block = 10;
inline constexpr std::size_t most_blocks_kept = 64;

struct Trend {
    RatioCurve signs;            ///< hits are blocks that rise
    std::vector<Sample> blocks;  ///< the median of each, oldest first
    double most_rising = 0;      ///< the largest log evidence of any look
};

struct TrendSettings {
    double alpha = 0.01;
    double limit = 0;  ///< a second; above it is too steep
    int min_blocks = 5;
};

struct TrendJudgement {
    Answer answer = Answer::inconclusive;
    std::string reason;
};

Trend make_trend();
/// Adds a block. False, and nothing is added, where it has too few samples.
bool take(Trend& trend, std::span<const Sample> block);
/// Adds what the canary has above the baseline in the same time.
bool take(Trend& trend, std::span<const Sample> canary, std::span<const Sample> baseline);
TrendJudgement judge(const Trend& trend, const TrendSettings& settings);

}  // namespace deployctl::analysis
