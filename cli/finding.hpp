// SPDX-License-Identifier: Apache-2.0
// Which rollout is meant by an id, a number, or by nothing at all. Reads the journal only; throws
// Error{usage} where none is meant.
#pragma once

#include "cli/output/style.hpp"
#include "cli/session.hpp"
#include "model/rollout.hpp"
#include "ports/store.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// The one named; else the active one of app and environment; else their newest.
RolloutRecord find_rollout(Session& session, const std::string& reference);
/// App and environment from the flags, else from the configuration, where there is one.
RolloutFilter filter_of(Session& session);
/// "12 (canary v1 → v2, promoted)"
std::string describe(const RolloutRecord& rollout, const Style& style);

}  // namespace deployctl::cli
