// SPDX-License-Identifier: Apache-2.0
// What a clock on the wall shows, to the minute, wherever the wall is. Values; any thread.
#pragma once

#include "model/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace deployctl::calendar {

using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

/// "2026-12-18T00:00"; nothing where it is no such time, or a day that no calendar has.
std::optional<LocalMinute> read_local(std::string_view text);

}  // namespace deployctl::calendar
