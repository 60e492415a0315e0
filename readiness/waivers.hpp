// SPDX-License-Identifier: Apache-2.0
// Failures that a team knows and accepts for a time. A waived failure is not open and blocks
// nothing, but it earns nothing either: the score is the same with and without it, so that no list
// of waivers, however long, raises it. Pure but for the assessment that is given; one thread.
#pragma once

#include "model/time.hpp"
#include "readiness/assessment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// A waiver may run for so long: what lasts longer is a decision, and belongs into the rules.
inline constexpr int most_waiver_days = 180;

enum class WaiverState { good, expired, no_date, too_long, nameless };

/// By the day of `now` in UTC; it holds on the day that it names.
WaiverState state_of(const Waiver& waiver, WallTime now);
/// Why it does not hold: "expired on 2026-11-01".
std::string why_not(const Waiver& waiver, WallTime now);
/// The rule, and the object itself or what is below it.
bool covers(const Waiver& waiver, std::string_view rule, std::string_view object);

/// Marks what good waivers of the settings cover, and says of the others, and of those that cover
/// nothing, why in the assessment's warnings.
void apply_waivers(Assessment& assessment, WallTime now);

}  // namespace deployctl::readiness
