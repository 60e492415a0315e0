// SPDX-License-Identifier: Apache-2.0
// Carries a person's wish to a rollout: through the journal where its runner is alive, in this
// process where it is not.
#pragma once

#include "cli/running.hpp"
#include "model/journal.hpp"

namespace deployctl::cli {

ExitCode steer(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RequestKind kind
);

}  // namespace deployctl::cli
