// SPDX-License-Identifier: Apache-2.0
// Questions about what the cluster has complained of in the last hour, to the workloads and
// autoscalers that it was about (inputs/cluster_events.hpp). Pure; any thread.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> cluster_event_checks();

}  // namespace deployctl::readiness
