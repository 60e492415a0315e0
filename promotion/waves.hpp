// SPDX-License-Identifier: Apache-2.0
// One environment on several clusters: which of them together, one wave after the other. Pure.
#pragma once

#include "promotion/line.hpp"
#include "promotion/stands.hpp"

namespace deployctl::promotion {

/// In the order in which a version reaches them; one wave of one place where it has no clusters.
std::vector<std::vector<Place>> waves_of(const Environment& environment);
/// All of them, in the same order.
std::vector<Place> places_of(const Environment& environment);
/// Waves that name a cluster which is not there, name one twice, or leave one out.
std::vector<std::string> mistakes_of(const Environment& environment);

/// What a version needs before it comes to an environment.
struct Entry {
    std::vector<std::string> needs;  ///< legs
    Duration soak{};
};

/// Adds the legs that bring it there, and where it stands already. Of a wave they all need what was
/// brought to the wave before it.
void add_legs(
    Draft& draft,
    const Environment& environment,
    const Wanted& wanted,
    const Facts& facts,
    const Entry& entry
);

/// What `rollout start` does in an environment of several clusters.
Draft draw_waves(
    const Configuration& configuration,
    const Environment& environment,
    const Wanted& wanted,
    const Facts& facts
);

}  // namespace deployctl::promotion
