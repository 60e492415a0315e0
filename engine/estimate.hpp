// SPDX-License-Identifier: Apache-2.0
// How long steps will take where nothing goes wrong: what the plan itself makes them wait for, and
// what its pods need to get ready by their own probes. Images that must be pulled come on top.
// Pure.
#pragma once

#include "model/plan.hpp"
#include "model/time.hpp"

#include <vector>

namespace deployctl::engine {

struct Estimate {
    Duration holds{};
    Duration drains{};
    Duration gates{};  ///< until they have passed so often as they must
    Duration pods{};   ///< getting ready

    Duration total() const { return holds + drains + gates + pods; }

    friend bool operator==(const Estimate&, const Estimate&) = default;
};

/// `steps` are the plan's course, or its way back.
Estimate estimate_of(const Plan& plan, const std::vector<Step>& steps);

}  // namespace deployctl::engine
