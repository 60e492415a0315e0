// SPDX-License-Identifier: Apache-2.0
// What is wrong with the words of an order, all of it at once, before anything is asked. Pure.
#pragma once

#include "cli/preparation.hpp"
#include "model/diagnostics.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// Tag, strategy, weights. `strategy` is the one that would be used: the order's, else the
/// environment's. Mistakes have no place but the flag, in `place.file`.
Diagnostics mistakes_of(
    const Order& order, std::optional<StrategyKind> strategy, const std::string& environment
);

}  // namespace deployctl::cli
