// SPDX-License-Identifier: Apache-2.0
// A promoted release is gone back from by a rollout of its own, to the good version before it or to
// one that is named.
#pragma once

#include "cli/running.hpp"
#include "cli/session.hpp"
#include "model/rollout.hpp"

#include <string>

namespace deployctl::cli {

/// Throws Error{blocked} where there is no such version, or it runs already.
ExitCode return_from(
    Session& session, const RunChoices& choices, const RolloutRecord& newest, const std::string& to
);

}  // namespace deployctl::cli
