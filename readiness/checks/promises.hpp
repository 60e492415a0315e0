// SPDX-License-Identifier: Apache-2.0
// What documents promise of a recovery, in numbers. Pure; any thread.
#pragma once

#include "readiness/facts.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace deployctl::readiness {

/// Of "RPO < 5 min", "RPO: 1 h"; nothing where the line says none.
std::optional<int> promised_rpo_minutes(std::string_view line);
/// Of "RTO < 15 min" in the first document that says one.
std::optional<std::chrono::minutes> promised_rto(const Facts& facts);

}  // namespace deployctl::readiness
