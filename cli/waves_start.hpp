// SPDX-License-Identifier: Apache-2.0
// A rollout in an environment of several clusters: one wave after the other, as one operation.
// Throws as `prepare` does.
#pragma once

#include "cli/line_running.hpp"

#include <optional>

namespace deployctl::cli {

/// Nothing where one cluster alone is meant, and so one rollout.
std::optional<ExitCode> start_waves(Session& session, const LineChoices& choices, Mode mode);

}  // namespace deployctl::cli
