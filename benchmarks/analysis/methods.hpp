// SPDX-License-Identifier: Apache-2.0
// The methods that the table compares, each looked at after every look of a trial. Pure.
#pragma once

#include "traffic.hpp"

#include <optional>
#include <vector>

namespace deployctl::bench {

inline constexpr double alpha = 0.01;

/// Where a trial was aborted.
struct Abort {
    std::size_t look = 0;
    double canary_requests = 0;  ///< up to it
};

using Method = std::optional<Abort> (*)(const std::vector<PodLook>& looks);

/// The engine's default: analysis/rate_test.hpp with analysis/dispersion.hpp.
std::optional<Abort> sequential(const std::vector<PodLook>& looks);
/// Success below 99 % in five looks, as Flagger counts.
std::optional<Abort> fixed_threshold(const std::vector<PodLook>& looks);
/// Rank-sum test of the error rates of each minute so far.
std::optional<Abort> mann_whitney(const std::vector<PodLook>& looks);
/// z-test of two proportions on all requests so far.
std::optional<Abort> z_test(const std::vector<PodLook>& looks);

}  // namespace deployctl::bench
