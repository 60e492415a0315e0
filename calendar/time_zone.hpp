// SPDX-License-Identifier: Apache-2.0
// A time zone by its IANA name, from the system's tzdata: what its clocks show, and when. Values
// that point into tables which live as long as the program; any thread. Throws Error{tool_missing}
// where the machine has no such tables; "UTC" needs none.
#pragma once

#include "calendar/local_time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace date {
class time_zone;
}

namespace deployctl::calendar {

/// Between two changes of the clock.
struct Stretch {
    WallTime begin;
    WallTime end;
    seconds offset{};  ///< of the local time from UTC

    LocalMinute local(WallTime at) const;
    /// The moment at which the clock shows it, as if it went on so for ever.
    WallTime wall(LocalMinute minute) const;
};

class TimeZone {
public:
    /// Nothing where there is no zone of this name.
    static std::optional<TimeZone> named(const std::string& name);

    const std::string& name() const { return name_; }

    Stretch stretch_at(WallTime at) const;
    /// Where the clock shows it twice, the first time; where it skips it, when it does.
    WallTime first_moment(LocalMinute minute) const;
    /// Where the clock shows it twice, the last time; where it skips it, when it would have been.
    WallTime last_moment(LocalMinute minute) const;

private:
    TimeZone(std::string name, const date::time_zone* zone) : name_(std::move(name)), zone_(zone) {}

    std::string name_;
    const date::time_zone* zone_;  ///< null: UTC
};

/// In order.
std::vector<std::string> zone_names();

/// "Mon 07:00" within the week after `now`, else "Mon 2027-01-04 08:00".
std::string to_text(WallTime time, WallTime now, const TimeZone& zone);
/// "2026-12-18T00:00" on the clocks of the zone, or RFC 3339 in UTC.
std::optional<WallTime> read_moment(const std::string& text, const TimeZone& zone);

}  // namespace deployctl::calendar
