// SPDX-License-Identifier: Apache-2.0
// What the journal shows of the steps of the way forward, and of effects. Pure; any thread.
#pragma once

#include "model/journal.hpp"

#include <optional>
#include <vector>

namespace deployctl::engine {

/// The first of the `count` steps that was not started and then done, nor shown by the cluster to
/// an import, since the start or the last retry; nothing where all were.
std::optional<int> first_step_not_done(const std::vector<Event>& events, int count);

/// The journal began with an import: it does not show every effect.
bool was_imported(const std::vector<Event>& events);
/// Every write to another object than the rollout's own record has an intent in the journal before
/// it, unless that journal is lost and was made again.
bool shows_no_effect(const std::vector<Event>& events, const ObjectRef& record);

}  // namespace deployctl::engine
