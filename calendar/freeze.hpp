// SPDX-License-Identifier: Apache-2.0
// Whether an environment may be rolled out to: from the configured windows, the ad-hoc freezes and
// the time. What overlaps, or follows at once, is one closed time. Pure; any thread.
#pragma once

#include "calendar/schedule.hpp"
#include "model/freeze.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::calendar {

/// A window, or an ad-hoc freeze.
struct Closure {
    std::string name;                       ///< "`weekend`", "freeze 3 (ada@laptop: db is down)"
    std::vector<std::string> environments;  ///< empty: all
    Schedule schedule;
};

/// Of settings that were checked: a window that is wrong is std::logic_error.
Closure to_closure(const FreezeWindow& window, const TimeZone& zone);
Closure to_closure(const Freeze& freeze);

struct Outlook {
    /// Those that make up the closed time at hand; empty: it is open.
    std::vector<std::string> frozen_by;
    /// When it is open: now, or at the end of the closed time; none: not within a year.
    std::optional<WallTime> open_at;

    struct Next {
        std::string name;
        WallTime begin;
    };

    /// The first to begin after that.
    std::optional<Next> next;

    bool is_frozen() const { return !frozen_by.empty(); }
};

Outlook outlook(const std::vector<Closure>& closures, const std::string& environment, WallTime now);

/// "frozen by `weekend` until Mon 07:00 (Europe/Berlin)", or "none before Fri 17:00
/// (Europe/Berlin)".
std::string to_text(const Outlook& outlook, WallTime now, const TimeZone& zone);

}  // namespace deployctl::calendar
