// SPDX-License-Identifier: Apache-2.0
#include "analysis/theil_sen.hpp"

#include "analysis/median.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace deployctl::analysis {

namespace {

std::vector<Sample> finite_of(std::span<const Sample> samples) {
    std::vector<Sample> kept;
    std::ranges::copy_if(samples, std::back_inserter(kept), [](const Sample& sample) {
        return std::isfinite(sample.seconds) && std::isfinite(sample.value);
    });
    return kept;
}

std::vector<double> slopes_of(const std::vector<Sample>& samples) {
    std::vector<double> slopes;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        for (std::size_t k = i + 1; k < samples.size(); ++k) {
            const double seconds = samples[k].seconds - samples[i].seconds;
            if (seconds != 0) {
                slopes.push_back((samples[k].value - samples[i].value) / seconds);
            }
        }
    }
    return slopes;
}

}  // namespace

std::optional<Line> theil_sen(std::span<const Sample> samples) {
    const auto finite = finite_of(samples);
    auto slopes = slopes_of(finite);
    if (slopes.empty()) {
        return std::nullopt;
    }
    Line line;
    line.slope = median(std::move(slopes));
    const double end = std::ranges::max_element(finite, {}, &Sample::seconds)->seconds;
    std::vector<double> heights;
    for (const auto& sample : finite) {
        heights.push_back(sample.value + line.slope * (end - sample.seconds));
    }
    line.at_end = median(std::move(heights));
    return line;
}

}  // namespace deployctl::analysis
