// SPDX-License-Identifier: Apache-2.0
// What stable's counters gained in the minutes before anything was changed: the baseline where
// nothing serves beside the new version for long, as in a rolling update or after a switch. Pure.
#pragma once

#include "ports/metrics.hpp"

namespace deployctl::gates {

inline constexpr Duration looked_back_on = minutes(10);
/// Those minutes, in steps that no usual scrape interval falls through.
MetricRange just_before(WallTime now);
/// Each series with one point, its increase over the range; a counter that fell has begun anew, and
/// one that begins later than another of its pod began at nothing. One that is no count, or of
/// which there is only a beginning, has no point: it says nothing.
MetricAnswer increases_in(MetricAnswer answer);

}  // namespace deployctl::gates
