// SPDX-License-Identifier: Apache-2.0
#include "calendar/schedule.hpp"

namespace deployctl::calendar {

namespace {

constexpr Duration moment = Duration(1);

/// At or after the moment: a minute that has begun is over.
LocalMinute first_minute(const Stretch& stretch, WallTime from) {
    return LocalMinute(std::chrono::ceil<minutes>(from.time_since_epoch() + stretch.offset));
}

/// Whether the clock skips a time of the cron expression where one stretch follows the other.
bool fires_in_gap(const Cron& cron, const Stretch& before, const Stretch& after) {
    return after.offset > before.offset &&
           cron.last_within(
               first_minute(before, after.begin), first_minute(after, after.begin) - minutes(1)
           );
}

std::optional<WallTime> last_start(const Recurrence& again, WallTime at, WallTime least) {
    while (true) {
        const auto here = again.zone.stretch_at(at);
        const auto begin = std::max(here.begin, least);
        if (const auto fired = again.cron.last_within(first_minute(here, begin), here.local(at))) {
            return here.wall(*fired);
        }
        if (here.begin <= least) {
            return std::nullopt;
        }
        const auto before = again.zone.stretch_at(here.begin - moment);
        if (fires_in_gap(again.cron, before, here)) {
            return here.begin;
        }
        at = here.begin - moment;
    }
}

std::optional<WallTime> first_start(const Recurrence& again, WallTime from) {
    while (true) {
        const auto here = again.zone.stretch_at(from);
        const auto fires = again.cron.next(first_minute(here, from));
        if (!fires || here.wall(*fires) < here.end) {
            return fires ? std::optional(here.wall(*fires)) : std::nullopt;
        }
        const auto next = again.zone.stretch_at(here.end);
        if (next.end <= here.end) {
            return std::nullopt;  // no clock is known beyond
        }
        if (fires_in_gap(again.cron, here, next)) {
            return here.end;
        }
        from = here.end;
    }
}

Period period_from(const Recurrence& again, WallTime start) {
    return {start, start + again.length};
}

}  // namespace

std::optional<Period> Schedule::covering(WallTime at) const {
    if (const auto* once = std::get_if<Period>(&times_)) {
        const bool is_in = once->begin <= at && (!once->end || at < *once->end);
        return is_in ? std::optional(*once) : std::nullopt;
    }
    const auto& again = std::get<Recurrence>(times_);
    const auto start = last_start(again, at, at - again.length + moment);
    return start ? std::optional(period_from(again, *start)) : std::nullopt;
}

std::optional<Period> Schedule::after(WallTime at) const {
    if (const auto* once = std::get_if<Period>(&times_)) {
        return once->begin > at ? std::optional(*once) : std::nullopt;
    }
    const auto& again = std::get<Recurrence>(times_);
    const auto start = first_start(again, at + moment);
    return start ? std::optional(period_from(again, *start)) : std::nullopt;
}

}  // namespace deployctl::calendar
