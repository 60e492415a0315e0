// SPDX-License-Identifier: Apache-2.0
// When something is closed: again and again by a cron expression, or once. A time that the clock
// shows twice begins a period both times; one that it skips begins it at the moment of the skip.
// Lengths are time that passes, so that over a change of the clock a period ends an hour earlier
// or later by the clock. Values; pure; any thread.
#pragma once

#include "calendar/cron.hpp"
#include "calendar/time_zone.hpp"

#include <optional>
#include <variant>

namespace deployctl::calendar {

/// From `begin` on, and before `end`.
struct Period {
    WallTime begin;
    std::optional<WallTime> end;  ///< none: for ever

    friend bool operator==(const Period&, const Period&) = default;
};

struct Recurrence {
    Cron cron;
    Duration length{};
    TimeZone zone;
};

class Schedule {
public:
    explicit Schedule(Period once) : times_(once) {}

    explicit Schedule(Recurrence again) : times_(std::move(again)) {}

    /// The period that this moment is in; of several the one that ends last.
    std::optional<Period> covering(WallTime at) const;
    /// The first one that begins after it.
    std::optional<Period> after(WallTime at) const;

private:
    std::variant<Period, Recurrence> times_;
};

}  // namespace deployctl::calendar
