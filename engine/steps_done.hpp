// SPDX-License-Identifier: Apache-2.0
// What the journal shows of the steps of the way forward. Pure; any thread.
#pragma once

#include "model/journal.hpp"

#include <optional>
#include <vector>

namespace deployctl::engine {

/// The first of the `count` steps that was not started and then done, nor shown by the cluster to
/// an import, since the start or the last retry; nothing where all were.
std::optional<int> first_step_not_done(const std::vector<Event>& events, int count);

}  // namespace deployctl::engine
