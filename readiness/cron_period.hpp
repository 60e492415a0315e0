// SPDX-License-Identifier: Apache-2.0
// How long a cron expression can leave something undone, for a comparison with what was promised.
// An estimate upwards, without dates and zones. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace deployctl::readiness {

/// Minutes; nothing where it is no cron expression.
std::optional<int> longest_pause(std::string_view cron);

}  // namespace deployctl::readiness
