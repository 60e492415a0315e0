// SPDX-License-Identifier: Apache-2.0
// How far the low end of a score has moved, and by what: other rules and weights, other coverage,
// another repository. Pure; any thread.
#pragma once

#include "readiness/delta.hpp"

#include <optional>

namespace deployctl::readiness {

/// Nothing where one of both has no score.
std::optional<Movement> movement_between(const Recorded& before, const Recorded& now);

}  // namespace deployctl::readiness
