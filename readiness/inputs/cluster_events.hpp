// SPDX-License-Identifier: Apache-2.0
// What the cluster has complained of (live_events.hpp), each a subject `cluster-event` that belongs
// to the workload whose pod, set or job it names, by the names that controllers give. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

/// Of a `live-workload` or `live-autoscaler` to its events.
inline constexpr std::string_view relation_events = "events";

/// A key that leads to all of them where there are more events than were read.
inline constexpr std::string_view events_are_cut = "events are cut";

Input cluster_events_input();

}  // namespace deployctl::readiness
