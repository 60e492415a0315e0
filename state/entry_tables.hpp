// SPDX-License-Identifier: Apache-2.0
// Which table an entry changes beside the rollout's row and its event. Inside a transaction of
// state/; one thread. An outcome without an open intent, or an intent that is there, is
// std::logic_error.
#pragma once

#include "model/journal.hpp"
#include "state/statement.hpp"

namespace deployctl::state {

void project(SQLite::Database& database, const RolloutId& rollout, const Entry& entry, WallTime at);

}  // namespace deployctl::state
