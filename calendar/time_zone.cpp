// SPDX-License-Identifier: Apache-2.0
#include "calendar/time_zone.hpp"

#include "model/error.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace deployctl::calendar {

namespace {

constexpr std::string_view utc = "UTC";

/// Nobody plans rollouts beyond them, and microseconds hold them.
constexpr WallTime earliest = std::chrono::sys_days(std::chrono::year(1900) / 1 / 1);
constexpr WallTime latest = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);

/// The library's tables; what it throws where there are none becomes an Error.
template <class Question>
auto ask_tables(Question question) {
    try {
        return question();
    } catch (const std::runtime_error& trouble) {
        throw Error(
            ExitCode::tool_missing,
            std::string("the machine's time zones cannot be read: ") + trouble.what(),
            "install tzdata (apt-get install tzdata)"
        );
    }
}

WallTime to_wall(std::chrono::sys_seconds time) {
    return std::clamp<std::chrono::sys_seconds>(
        time, std::chrono::floor<seconds>(earliest), std::chrono::floor<seconds>(latest)
    );
}

date::local_info info_of(const date::time_zone& zone, LocalMinute minute) {
    return zone.get_info(date::local_time<minutes>(minute.time_since_epoch()));
}

}  // namespace

LocalMinute Stretch::local(WallTime at) const {
    return LocalMinute(std::chrono::floor<minutes>(at.time_since_epoch() + offset));
}

WallTime Stretch::wall(LocalMinute minute) const {
    return WallTime(minute.time_since_epoch() - offset);
}

std::optional<TimeZone> TimeZone::named(const std::string& name) {
    if (name == utc) {
        return TimeZone(name, nullptr);
    }
    return ask_tables([&]() -> std::optional<TimeZone> {
        const auto& zones = date::get_tzdb().zones;
        const auto found = std::ranges::find(zones, name, &date::time_zone::name);
        if (found == zones.end()) {
            return std::nullopt;
        }
        static_cast<void>(found->get_info(date::sys_seconds()));  // what it says is read only now
        return TimeZone(name, &*found);
    });
}

Stretch TimeZone::stretch_at(WallTime at) const {
    if (zone_ == nullptr) {
        return {earliest, latest, {}};
    }
    const auto info = zone_->get_info(std::chrono::floor<seconds>(at));
    return {to_wall(info.begin), to_wall(info.end), info.offset};
}

WallTime TimeZone::first_moment(LocalMinute minute) const {
    if (zone_ == nullptr) {
        return WallTime(minute.time_since_epoch());
    }
    const auto info = info_of(*zone_, minute);
    return info.result == date::local_info::nonexistent
               ? WallTime(info.first.end)
               : WallTime(minute.time_since_epoch() - info.first.offset);
}

WallTime TimeZone::last_moment(LocalMinute minute) const {
    if (zone_ == nullptr) {
        return WallTime(minute.time_since_epoch());
    }
    const auto info = info_of(*zone_, minute);
    const auto offset =
        info.result == date::local_info::ambiguous ? info.second.offset : info.first.offset;
    return WallTime(minute.time_since_epoch() - offset);
}

std::vector<std::string> zone_names() {
    return ask_tables([] {
        std::vector<std::string> names;
        std::ranges::transform(
            date::get_tzdb().zones, std::back_inserter(names), &date::time_zone::name
        );
        return names;
    });
}

std::string to_text(WallTime time, WallTime now, const TimeZone& zone) {
    constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr auto length_of_date = 10;
    const auto local = zone.stretch_at(time).local(time);
    const auto today = std::chrono::floor<std::chrono::days>(zone.stretch_at(now).local(now));
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto text = to_rfc3339(WallTime(local.time_since_epoch()));
    const bool is_near = day >= today && day - today < std::chrono::days(7);
    return std::string(weekdays[std::chrono::weekday(day).c_encoding()]) + " " +
           (is_near ? "" : text.substr(0, length_of_date) + " ") +
           text.substr(length_of_date + 1, 5);
}

std::optional<WallTime> read_moment(const std::string& text, const TimeZone& zone) {
    const auto local = read_local(text);
    return local ? std::optional(zone.first_moment(*local)) : read_rfc3339(text);
}

}  // namespace deployctl::calendar
