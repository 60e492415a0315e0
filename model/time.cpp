// SPDX-License-Identifier: Apache-2.0
#include "model/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <span>
#include <utility>

namespace deployctl {

namespace {

using namespace std::chrono_literals;

/// Written from the first to the last; a day is read and never written.
constexpr std::array<std::pair<std::string_view, Duration>, 6> units{{
    {"d", 24h},
    {"h", 1h},
    {"m", 1min},
    {"s", 1s},
    {"ms", 1ms},
    {"us", 1us},
}};

std::optional<Duration> unit_named(std::string_view name) {
    for (const auto& [unit, length] : units) {
        if (unit == name) {
            return length;
        }
    }
    return std::nullopt;
}

template <class... Parts>
std::string print(const char* format, Parts... parts) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, parts...);
    return text.data();
}

struct Calendar {
    int year, month, day, hour, minute, second;
    long micros;
};

Calendar split(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return {
        static_cast<int>(date.year()),
        static_cast<int>(static_cast<unsigned>(date.month())),
        static_cast<int>(static_cast<unsigned>(date.day())),
        static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()),
        static_cast<long>(clock.subseconds().count()),
    };
}

/// So many digits at this place, whatever stands there.
void write_digits(std::string& text, std::size_t at, std::size_t count, long number) {
    for (; count > 0; number /= 10) {
        text[at + --count] = static_cast<char>('0' + number % 10);
    }
}

bool read_number(std::string_view text, int& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

/// ".250" or ".250000" to microseconds; nothing where it is no fraction.
std::optional<Duration> read_fraction(std::string_view text) {
    if (text.empty()) {
        return Duration{0};
    }
    int digits = 0;
    if (text[0] != '.' || text.size() < 2 || text.size() > 10) {
        return std::nullopt;
    }
    std::string padded(text.substr(1, 6));
    padded.resize(6, '0');
    if (!read_number(padded, digits)) {
        return std::nullopt;
    }
    return Duration{digits};
}

/// "Z" or "-07:00", as how far it is ahead of UTC.
std::optional<Duration> read_zone(std::string_view text) {
    if (text.size() == 1 && text[0] == 'Z') {
        return Duration{0};
    }
    int hour = 0;
    int minute = 0;
    if (text.size() != 6 || text[0] == 'Z' || text[3] != ':' ||
        !read_number(text.substr(1, 2), hour) || !read_number(text.substr(4, 2), minute) ||
        hour < 0 || minute < 0) {
        return std::nullopt;
    }
    const Duration ahead = std::chrono::hours(hour) + minutes(minute);
    return text[0] == '-' ? -ahead : ahead;
}

}  // namespace

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

std::string to_text(Duration duration) {
    if (duration == Duration::zero()) {
        return "0s";
    }
    std::string text;
    auto rest = duration;
    if (rest < Duration::zero()) {
        text = "-";
        rest = -rest;
    }
    for (const auto& [name, length] : std::span(units).subspan(1)) {
        if (const auto count = rest / length; count > 0) {
            text += std::to_string(count) + std::string(name);
            rest -= count * length;
        }
    }
    return text;
}

std::string to_short_text(Duration duration) {
    if (duration < 10s) {
        const auto tenths =
            std::chrono::round<std::chrono::duration<long, std::deci>>(duration).count();
        return tenths % 10 == 0 ? print("%lds", tenths / 10)
                                : print("%ld.%lds", tenths / 10, tenths % 10);
    }
    const auto whole = std::chrono::round<seconds>(duration).count();
    if (whole < 60) {
        return print("%llds", static_cast<long long>(whole));
    }
    if (whole < 3600) {
        return print(
            "%lldm%02llds", static_cast<long long>(whole / 60), static_cast<long long>(whole % 60)
        );
    }
    return print(
        "%lldh%02lldm",
        static_cast<long long>(whole / 3600),
        static_cast<long long>(whole / 60 % 60)
    );
}

std::optional<Duration> read_duration(std::string_view text) {
    if (text.empty()) {
        return std::nullopt;
    }
    Duration sum{};
    while (!text.empty()) {
        long long count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc{} || count < 0 || count > 1'000'000'000) {
            return std::nullopt;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const auto unit_end = std::min(text.find_first_of("0123456789"), text.size());
        const auto length = unit_named(text.substr(0, unit_end));
        if (!length || count > Duration(87600h) / *length) {
            return std::nullopt;
        }
        sum += count * *length;
        text.remove_prefix(unit_end);
    }
    return sum;
}

std::string to_rfc3339(WallTime time) {
    const auto at = split(time);
    std::string text = "0000-00-00T00:00:00.000000Z";
    write_digits(text, 0, 4, at.year);
    write_digits(text, 5, 2, at.month);
    write_digits(text, 8, 2, at.day);
    write_digits(text, 11, 2, at.hour);
    write_digits(text, 14, 2, at.minute);
    write_digits(text, 17, 2, at.second);
    write_digits(text, 20, 6, at.micros);
    return text;
}

std::string to_minute_text(WallTime time) {
    auto text = to_rfc3339(time).substr(0, 16);
    text[10] = ' ';
    return text;
}

std::optional<WallTime> read_rfc3339(std::string_view text) {
    const auto zone = std::min(text.find_first_of("Z+-", 19), text.size());
    if (text.size() < 20 || text[10] != 'T') {
        return std::nullopt;
    }
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    const bool read =
        read_number(text.substr(0, 4), year) && read_number(text.substr(5, 2), month) &&
        read_number(text.substr(8, 2), day) && read_number(text.substr(11, 2), hour) &&
        read_number(text.substr(14, 2), minute) && read_number(text.substr(17, 2), second);
    const auto fraction = read_fraction(text.substr(19, zone - 19));
    const auto ahead = read_zone(text.substr(zone));
    const std::chrono::year_month_day date{
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(month)),
        std::chrono::day(static_cast<unsigned>(day)),
    };
    if (!read || !fraction || !ahead || !date.ok()) {
        return std::nullopt;
    }
    return WallTime(
        std::chrono::sys_days(date) + std::chrono::hours(hour) + minutes(minute) + seconds(second) +
        *fraction - *ahead
    );
}

std::string to_clock_text(WallTime time) {
    const auto at = split(time);
    return print("%02d:%02d:%02d", at.hour, at.minute, at.second);
}

}  // namespace deployctl
