// SPDX-License-Identifier: Apache-2.0
#include "readiness/cron_period.hpp"

#include "documents/lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace deployctl::readiness {

namespace {

constexpr int hour = 60;
constexpr int day = 24 * hour;

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_one = error == std::errc() && end == text.data() + text.size() && !text.empty();
    return is_one ? std::optional(value) : std::nullopt;
}

struct Range {
    int first = 0;
    int last = 0;
    int step = 1;
};

/// `*`, `*/5`, `1-5`, `1-5/2`, `7`; nothing where it is none of them.
std::optional<Range> range_of(std::string_view part, Range all) {
    const auto slash = part.find('/');
    const bool has_step = slash != part.npos;
    all.step = has_step ? number(part.substr(slash + 1)).value_or(0) : 1;
    part = part.substr(0, slash);
    if (part == "*") {
        return all;
    }
    const auto dash = part.find('-');
    const auto from = number(part.substr(0, dash));
    const auto to = dash == part.npos ? from : number(part.substr(dash + 1));
    if (!from || !to) {
        return std::nullopt;
    }
    // "5/15" goes on to the end.
    return Range{*from, has_step && dash == part.npos ? all.last : *to, all.step};
}

/// All values of one part of a field.
bool add_part(std::string_view part, int first, int end, std::vector<bool>& hits) {
    const auto range = range_of(part, {first, end - 1, 1});
    if (!range || range->step < 1 || range->first < first || range->last >= end ||
        range->last < range->first) {
        return false;
    }
    for (int value = range->first; value <= range->last; value += range->step) {
        hits[static_cast<std::size_t>(value)] = true;
    }
    return true;
}

/// The longest way from one hit to the next, around the end; nothing where the field is broken.
std::optional<int> longest_gap(std::string_view field, int first, int end) {
    std::vector<bool> hits(static_cast<std::size_t>(end), false);
    while (!field.empty()) {
        const auto comma = field.find(',');
        if (!add_part(field.substr(0, comma), first, end, hits)) {
            return std::nullopt;
        }
        field = comma == field.npos ? std::string_view() : field.substr(comma + 1);
    }
    int longest = 0;
    int before = -1;
    int earliest = -1;
    for (int value = first; value < end; ++value) {
        if (!hits[static_cast<std::size_t>(value)]) {
            continue;
        }
        longest = before < 0 ? longest : std::max(longest, value - before);
        earliest = earliest < 0 ? value : earliest;
        before = value;
    }
    return earliest < 0 ? std::nullopt
                        : std::optional(std::max(longest, earliest + (end - first) - before));
}

struct Shorthand {
    std::string_view name;
    int minutes;
};

constexpr std::array<Shorthand, 7> shorthands = {
    {{"@hourly", hour},
     {"@daily", day},
     {"@midnight", day},
     {"@weekly", 7 * day},
     {"@monthly", 31 * day},
     {"@yearly", 366 * day},
     {"@annually", 366 * day}}
};

}  // namespace

std::optional<int> longest_pause(std::string_view cron) {
    cron = documents::trim(cron);
    for (const auto& [name, minutes] : shorthands) {
        if (cron == name) {
            return minutes;
        }
    }
    const auto fields = documents::split_words(cron);
    if (fields.size() != 5) {
        return std::nullopt;
    }
    const auto minutes = longest_gap(fields[0], 0, 60);
    const auto hours = longest_gap(fields[1], 0, 24);
    if (!minutes || !hours) {
        return std::nullopt;
    }
    if (fields[3] != "*") {
        return 366 * day;
    }
    if (fields[2] != "*") {
        return 31 * day;
    }
    if (fields[4] != "*" && fields[4] != "?") {
        const auto days = longest_gap(fields[4], 0, 7);
        return days ? *days * day : 7 * day;  // names of days: once a week at least
    }
    return *hours == 1 ? *minutes : *hours * hour;
}

}  // namespace deployctl::readiness
