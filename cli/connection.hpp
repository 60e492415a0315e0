// SPDX-License-Identifier: Apache-2.0
// The cluster that a recorded rollout is on: by today's configuration, and proven to be the same
// one.
#pragma once

#include "cli/session.hpp"
#include "model/rollout.hpp"

namespace deployctl::cli {

/// Throws Error{usage} where the context leads to another cluster.
ClusterChoice connect_to(Session& session, const RolloutRecord& rollout);

}  // namespace deployctl::cli
