// SPDX-License-Identifier: Apache-2.0
// The verbs about environments and disaster recovery, as `verbs.hpp` has the others.
#pragma once

#include "cli/command.hpp"

namespace deployctl::cli::commands {

Run env_diff(Form& form);
Run env_lock(Form& form);
Run env_unlock(Form& form);
Run dr_plan(Form& form);
Run dr_drill(Form& form);
Run dr_failover(Form& form);
Run dr_failback(Form& form);
Run dr_resume(Form& form);
Run dr_abandon(Form& form);
Run dr_approve(Form& form);
Run dr_status(Form& form);

}  // namespace deployctl::cli::commands
