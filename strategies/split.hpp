// SPDX-License-Identifier: Apache-2.0
// How a weight becomes whole pods, where both versions share the Service and pods are the only
// dial. Pure. Source: the arithmetic of Argo Rollouts as design notes describe it: of ceil and
// floor over n and n + 1 pods the nearest achieved weight; never none and never all, unless the
// weight is 0 or 100.
#pragma once

#include "model/plan.hpp"

#include <vector>

namespace deployctl::strategies {

enum class StableSize {
    shares,  ///< stable shrinks as the candidate grows
    stays,   ///< an autoscaler owns it: the candidate comes on top
};

/// `weight` in percent; both sides get one pod at least, whatever is asked of how few.
WeightRow split(int replicas, int weight, StableSize stable);

/// The sizes on the way from one split to the next, each within `replicas` + surge and not below
/// `replicas` - unavailable; the candidate grows before stable shrinks, and neither goes the other
/// way.
std::vector<WeightRow> way_between(const WeightRow& from, const WeightRow& to, const Scene& scene);

}  // namespace deployctl::strategies
