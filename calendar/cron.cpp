// SPDX-License-Identifier: Apache-2.0
#include "calendar/cron.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <vector>

namespace deployctl::calendar {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::year_month_day;

constexpr int minutes_of_day = 24 * 60;
constexpr int days_ahead = 40 * 366;

constexpr std::array<std::string_view, 12> month_names{
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"
};
constexpr std::array<std::string_view, 8> weekday_names{
    "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"
};

struct FieldSpec {
    std::string_view name;
    int least;
    int most;
    std::span<const std::string_view> names = {};  ///< the first one is `least`
    std::string_view words = {};
};

const std::array<FieldSpec, 5> specs{{
    {"minute", 0, 59},
    {"hour", 0, 23},
    {"day of the month", 1, 31},
    {"month", 1, 12, month_names, "JAN to DEC"},
    {"day of the week", 0, 7, weekday_names, "MON to SUN"},
}};

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (std::size_t start = 0; start <= text.size();) {
        const auto end = std::min(text.find(at, start), text.size());
        parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

bool is_same_word(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
        return std::toupper(a) == std::toupper(b);
    });
}

/// One field's values, as a set; remembers what is wrong with it.
class FieldReader {
public:
    explicit FieldReader(const FieldSpec& spec) : spec_(spec) {}

    void read(std::string_view text) {
        for (const auto part : split(text, ',')) {
            read_part(part);
        }
    }

    std::bitset<60> values;
    std::string wrong;

private:
    struct Range {
        std::optional<int> first;
        std::optional<int> last;
    };

    void read_part(std::string_view part) {
        const auto slash = part.find('/');
        const auto text = part.substr(0, slash);
        const auto range = read_range(text);
        std::optional<int> step = 1;
        if (slash != std::string_view::npos) {
            step = plain_number(part.substr(slash + 1));
            if (!is_all(text) && text.find('-') == std::string_view::npos) {
                return complain("`" + std::string(part) + "` has a step and no range");
            }
        }
        if (!range.first || !range.last || !step) {
            return complain(bounds() + ", not `" + std::string(part) + "`");
        }
        if (*range.first > *range.last || *step < 1) {
            return complain("`" + std::string(part) + "` holds no value");
        }
        for (int value = *range.first; value <= *range.last; value += *step) {
            values.set(static_cast<std::size_t>(value));
        }
    }

    static bool is_all(std::string_view text) { return text.size() == 1 && text.front() == '*'; }

    Range read_range(std::string_view text) const {
        if (is_all(text)) {
            return {spec_.least, spec_.most};
        }
        const auto dash = text.find('-');
        const auto first = number(text.substr(0, dash));
        return {
            first,
            dash == std::string_view::npos ? first
                                           : end_of_range(text.substr(dash + 1), first.value_or(0))
        };
    }

    /// Sunday ends a week as well as it begins one.
    std::optional<int> end_of_range(std::string_view text, int first) const {
        const auto last = number(text);
        const bool is_sunday = spec_.least == 0 && spec_.most == 7 && last && *last == 0;
        return is_sunday && first > 0 ? 7 : last;
    }

    std::optional<int> number(std::string_view text) const {
        const auto found = std::ranges::find_if(spec_.names, [&](std::string_view name) {
            return is_same_word(name, text);
        });
        if (found != spec_.names.end()) {
            return spec_.least + static_cast<int>(found - spec_.names.begin());
        }
        const auto value = plain_number(text);
        return value && *value >= spec_.least && *value <= spec_.most ? value : std::nullopt;
    }

    static std::optional<int> plain_number(std::string_view text) {
        constexpr std::size_t longest = 4;
        const auto value = whole_number<int>(text);
        return value && *value >= 0 && text.size() <= longest ? value : std::nullopt;
    }

    std::string bounds() const {
        auto text = "the " + std::string(spec_.name) + " is " + std::to_string(spec_.least) +
                    " to " + std::to_string(spec_.most);
        if (!spec_.words.empty()) {
            text += " or " + std::string(spec_.words);
        }
        return text;
    }

    void complain(std::string what) {
        if (wrong.empty()) {
            wrong = std::move(what);
        }
    }

    const FieldSpec& spec_;
};

template <std::size_t N>
std::bitset<N> first_of(const std::bitset<60>& values) {
    std::bitset<N> some;
    for (std::size_t value = 0; value < std::min<std::size_t>(N, values.size()); ++value) {
        some[value] = values[value];
    }
    return some;
}

std::vector<std::string_view> words_of(std::string_view text) {
    auto words = split(text, ' ');
    std::erase_if(words, [](std::string_view word) { return word.empty(); });
    return words;
}

}  // namespace

bool Cron::fires_on(local_days day) const {
    const year_month_day date(day);
    const bool is_day = fields_.days[static_cast<unsigned>(date.day())];
    const bool is_weekday = fields_.weekdays[std::chrono::weekday(day).c_encoding()];
    const bool is_right =
        fields_.rule == Fields::Days::either ? is_day || is_weekday : is_day && is_weekday;
    return is_right && fields_.months[static_cast<unsigned>(date.month())];
}

bool Cron::fires_at_time(int minute_of_day) const {
    const auto minute = static_cast<std::size_t>(minute_of_day);
    return fields_.hours[minute / 60] && fields_.minutes[minute % 60];
}

bool Cron::fires_at(LocalMinute minute) const {
    const auto day = std::chrono::floor<days>(minute);
    return fires_on(day) && fires_at_time(static_cast<int>((minute - day).count()));
}

std::optional<LocalMinute> Cron::next(LocalMinute from) const {
    auto day = std::chrono::floor<days>(from);
    auto minute = static_cast<int>((from - day).count());
    for (int n = 0; n < days_ahead; ++n, day += days(1), minute = 0) {
        const int end = fires_on(day) ? minutes_of_day : 0;
        for (; minute < end; ++minute) {
            if (fires_at_time(minute)) {
                return day + minutes(minute);
            }
        }
    }
    return std::nullopt;
}

std::optional<LocalMinute> Cron::last_within(LocalMinute least, LocalMinute most) const {
    auto day = std::chrono::floor<days>(most);
    auto minute = static_cast<int>((most - day).count());
    for (; day + minutes(minute) >= least; day -= days(1), minute = minutes_of_day - 1) {
        const int begin = fires_on(day) ? 0 : minutes_of_day;
        for (; minute >= begin && day + minutes(minute) >= least; --minute) {
            if (fires_at_time(minute)) {
                return day + minutes(minute);
            }
        }
    }
    return std::nullopt;
}

CronReading read_cron(std::string_view text) {
    const auto words = words_of(text);
    if (words.size() != specs.size()) {
        return {std::nullopt, "it has " + std::to_string(words.size()) + " fields, not 5"};
    }
    std::array<std::bitset<60>, specs.size()> values;
    for (std::size_t at = 0; at < specs.size(); ++at) {
        FieldReader reader(specs[at]);
        reader.read(words[at]);
        if (!reader.wrong.empty()) {
            return {std::nullopt, reader.wrong};
        }
        values[at] = reader.values;
    }
    Cron::Fields fields;
    fields.minutes = values[0];
    fields.hours = first_of<24>(values[1]);
    fields.days = first_of<32>(values[2]);
    fields.months = first_of<13>(values[3]);
    fields.weekdays = first_of<7>(values[4]);
    fields.weekdays[0] = values[4][0] || values[4][7];
    const bool are_both_said = words[2].front() != '*' && words[4].front() != '*';
    fields.rule = are_both_said ? Cron::Fields::Days::either : Cron::Fields::Days::both;
    const Cron cron(fields);
    if (!cron.next(LocalMinute())) {
        return {std::nullopt, "no year has such a day"};
    }
    return {cron, ""};
}

}  // namespace deployctl::calendar
