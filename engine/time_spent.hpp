// SPDX-License-Identifier: Apache-2.0
// How much of `timeouts.rollout` is used up, as the journal has it. Pure; any thread.
#pragma once

#include "model/journal.hpp"

#include <string_view>
#include <vector>

namespace deployctl::engine {

/// The kind of a Cause: the time of the whole rollout is used up.
inline constexpr std::string_view timeout_cause = "timeout";

/// The time for which the rollout was `running`, from its start until `now`: also while its runner
/// was lost, not while it stood at a pause. A timeout that was held, and a retry, begin it anew.
/// Wall time, since runners follow each other on several machines; a clock that went back counts
/// as none.
Duration time_spent(const std::vector<Event>& events, WallTime now);

}  // namespace deployctl::engine
