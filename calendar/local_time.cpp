// SPDX-License-Identifier: Apache-2.0
#include "calendar/local_time.hpp"

#include <string>

namespace deployctl::calendar {

std::optional<LocalMinute> read_local(std::string_view text) {
    constexpr std::size_t length = 16;
    if (text.size() != length) {
        return std::nullopt;
    }
    const auto time = read_rfc3339(std::string(text) + ":00Z");
    const auto minute =
        time ? std::chrono::floor<minutes>(*time) : std::chrono::sys_time<minutes>();
    // What is past the end of its unit, as 25:00, is not what was read.
    if (!time || to_rfc3339(minute).substr(0, length) != text) {
        return std::nullopt;
    }
    return LocalMinute(minute.time_since_epoch());
}

}  // namespace deployctl::calendar
