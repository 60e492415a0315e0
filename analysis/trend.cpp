// SPDX-License-Identifier: Apache-2.0
#include "analysis/trend.hpp"

#include "analysis/median.hpp"
#include "analysis/wording.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace deployctl::analysis {

namespace {

struct Block {
    double slope = 0;
    Sample middle;
};

std::optional<Block> block_of(std::span<const Sample> samples) {
    std::vector<double> times;
    std::vector<double> values;
    for (const auto& sample : samples) {
        if (std::isfinite(sample.seconds) && std::isfinite(sample.value)) {
            times.push_back(sample.seconds);
            values.push_back(sample.value);
        }
    }
    const auto line = theil_sen(samples);
    if (times.size() < least_in_block || !line) {
        return std::nullopt;
    }
    return Block{line->slope, {median(std::move(times)), median(std::move(values))}};
}

/// Halves the number of blocks: each two become one between them.
std::vector<Sample> merged(const std::vector<Sample>& blocks) {
    std::vector<Sample> half;
    for (std::size_t i = 0; i + 1 < blocks.size(); i += 2) {
        half.push_back({
            (blocks[i].seconds + blocks[i + 1].seconds) / 2,
            (blocks[i].value + blocks[i + 1].value) / 2,
        });
    }
    return half;
}

void add_block(Trend& trend, const Block& block) {
    add(trend.signs, block.slope > 0 ? 1 : 0, block.slope < 0 ? 1 : 0, 0.5);
    trend.most_rising = std::max(trend.most_rising, log_evidence_against_first(trend.signs, 1));
    if (trend.blocks.size() == most_blocks_kept) {
        trend.blocks = merged(trend.blocks);
    }
    trend.blocks.push_back(block.middle);
}

std::string signs_told(const Trend& trend) {
    return short_number(trend.signs.hits) + " blocks rise and " + short_number(trend.signs.misses) +
           " fall (evidence " + odds(trend.most_rising) + ")";
}

}  // namespace

Trend make_trend() {
    Trend trend;
    trend.signs = make_curve({1, 1.5, 3, 9, 99});
    return trend;
}

bool take(Trend& trend, std::span<const Sample> samples) {
    const auto block = block_of(samples);
    if (block) {
        add_block(trend, *block);
    }
    return block.has_value();
}

bool take(Trend& trend, std::span<const Sample> canary, std::span<const Sample> baseline) {
    const auto mine = block_of(canary);
    const auto beside = block_of(baseline);
    if (mine && beside) {
        const double apart = mine->middle.value - beside->middle.value;
        add_block(trend, {mine->slope - beside->slope, {mine->middle.seconds, apart}});
    }
    return mine && beside;
}

TrendJudgement judge(const Trend& trend, const TrendSettings& settings) {
    const auto line = theil_sen(trend.blocks);
    const double blocks = trend.signs.hits + trend.signs.misses;
    if (!line || static_cast<int>(trend.blocks.size()) < settings.min_blocks) {
        return {
            Answer::inconclusive,
            short_number(static_cast<double>(trend.blocks.size())) +
                " blocks of samples, fewer than " + std::to_string(settings.min_blocks)
        };
    }
    const auto reason = short_number(line->slope) + " a second, limit " +
                        short_number(settings.limit) + "; " + signs_told(trend);
    if (line->slope <= settings.limit) {
        return {Answer::pass, reason};
    }
    const bool is_sure = blocks > 0 && trend.most_rising >= -std::log(settings.alpha);
    return {is_sure ? Answer::fail : Answer::inconclusive, reason};
}

}  // namespace deployctl::analysis
