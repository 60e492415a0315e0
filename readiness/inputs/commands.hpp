// SPDX-License-Identifier: Apache-2.0
// What the repository runs, wherever it stands: a script, a target of a Makefile, a job of a
// workflow, a container's command. Where such commands deliver, back up or restore, they are a
// subject `deploy-commands`, `backup-commands` or `restore-commands`:
//   tools: [pg_dump]      # of what backs up
//   lines: [...]          # as documents::script_lines has them
//   runs: [...]           # as run_commands.hpp has them: without what is only said
//   text: "...; ..."      # all of them without secrets, where the first one that does it stands
//   strict: [errexit]     # what ends them at the first failure
//   schedule: "0 3 * * *" # of a CronJob, a workflow
// Asked after all others. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Input commands_input();

}  // namespace deployctl::readiness
