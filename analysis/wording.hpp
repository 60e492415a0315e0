// SPDX-License-Identifier: Apache-2.0
// Numbers in the words of reasons: "2.5%", "3 of 120 (2.5%)", "240 to 1". Pure; any thread.
#pragma once

#include "analysis/counts.hpp"

#include <string>

namespace deployctl::analysis {

/// Three digits, all of them from 1000 to a million: "0.0123", "1.5", "2048", "2.1e+06".
std::string short_number(double number);
std::string percent(double share);
std::string told(const Counts& counts);
/// Evidence as people bet on it, from its log: "240 to 1".
std::string odds(double log_evidence);

}  // namespace deployctl::analysis
