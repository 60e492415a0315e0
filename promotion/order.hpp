// SPDX-License-Identifier: Apache-2.0
// How a version moves from one environment to the next: the order, what each requires, how long it
// has to have stood there, and the same digest all the way. Pure: what stands where is given.
#pragma once

#include "promotion/line.hpp"
#include "promotion/stands.hpp"

namespace deployctl::promotion {

struct Request {
    std::string version;  ///< empty: what stands in `from`
    std::string from;     ///< an environment; empty: the last one that has the version
    std::string to;       ///< to this one alone; empty: to the next one
    std::string through;  ///< to all up to this one
};

/// What an environment requires: as `promotion.require` says, else the one before it in the order;
/// and what it follows.
std::vector<std::string> required_by(
    const Configuration& configuration, const std::string& environment
);

/// The environment that the digest is from; empty: no environment has the version, and the registry
/// says it.
std::string source_of(
    const Configuration& configuration, const Request& request, const Facts& facts
);

/// `registered` is what the registry says of the version's digest, for a line that begins there.
Draft draw_promotion(
    const Configuration& configuration,
    const Request& request,
    const Facts& facts,
    const std::string& registered
);

}  // namespace deployctl::promotion
