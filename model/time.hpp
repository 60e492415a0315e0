// SPDX-License-Identifier: Apache-2.0
// The two clocks: wall time, for people to read, and boot time (CLOCK_BOOTTIME, goes on in
// suspend), for every decision. Boot times compare only within one boot id. Microseconds. Values,
// on any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace deployctl {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

using Duration = std::chrono::microseconds;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// Time since this machine booted.
struct BootTime {
    Duration since_boot{};

    friend auto operator<=>(const BootTime&, const BootTime&) = default;

    friend BootTime operator+(BootTime at, Duration span) { return {at.since_boot + span}; }

    friend Duration operator-(BootTime late, BootTime early) {
        return late.since_boot - early.since_boot;
    }
};

double in_seconds(Duration duration);
/// "90s", "1m30s", "2h", "250ms": the largest units that say it exactly; "0s" for none.
std::string to_text(Duration duration);
/// The same rounded for a person: "10m02s", "4s", "0.8s".
std::string to_short_text(Duration duration);
/// Reads what to_text writes; nothing where the text is no duration.
std::optional<Duration> read_duration(std::string_view text);

/// RFC 3339 in UTC with microseconds, as Kubernetes' MicroTime: "2026-11-24T22:28:51.000000Z".
std::string to_rfc3339(WallTime time);
/// Also reads times without a fraction, and of other zones ("+02:00").
std::optional<WallTime> read_rfc3339(std::string_view text);
/// "2026-11-24 23:33", UTC.
std::string to_minute_text(WallTime time);
/// "12:28:55", UTC.
std::string to_clock_text(WallTime time);

}  // namespace deployctl
