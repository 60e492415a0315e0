// SPDX-License-Identifier: Apache-2.0
// The runs of running.hpp without a word about their end, for who has more to do after it.
#pragma once

#include "cli/running.hpp"

namespace deployctl::cli {

/// Begins the plan.
engine::RunResult do_plan(Session& session, const RunChoices& choices, const Prepared& prepared);
/// On the cluster that it was begun on.
engine::RunResult do_on(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RunTask task
);

}  // namespace deployctl::cli
