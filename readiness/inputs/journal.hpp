// SPDX-License-Identifier: Apache-2.0
// What the journal has told (journal_facts.hpp) as subjects: `recovery-drills` and `rollbacks`, one
// of each where there is something to ask about, and a `backup-record` for each database. One
// thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Input journal_input();

}  // namespace deployctl::readiness
