// SPDX-License-Identifier: Apache-2.0
// A cron expression of five fields, minute, hour, day of the month, month, day of the week, as
// crontab(5) means them: lists, ranges, steps, names; where both days are said, either is enough.
// It fires on the clock of a wall and knows no time zone. Values; any thread.
#pragma once

#include "calendar/local_time.hpp"

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

namespace deployctl::calendar {

class Cron {
public:
    struct Fields {
        std::bitset<60> minutes;
        std::bitset<24> hours;
        std::bitset<32> days;  ///< 1 to 31
        std::bitset<13> months;
        std::bitset<7> weekdays;  ///< from Sunday on
        /// How the two kinds of days belong together.
        enum class Days { both, either } rule = Days::both;
    };

    explicit Cron(const Fields& fields) : fields_(fields) {}

    bool fires_at(LocalMinute minute) const;
    /// The first at or after `from`; nothing where there is none in forty years.
    std::optional<LocalMinute> next(LocalMinute from) const;
    /// Nothing where none is in between; both ends count.
    std::optional<LocalMinute> last_within(LocalMinute least, LocalMinute most) const;

private:
    bool fires_on(std::chrono::local_days day) const;
    bool fires_at_time(int minute_of_day) const;

    Fields fields_;
};

struct CronReading {
    std::optional<Cron> cron;
    std::string wrong;  ///< what is wrong where there is none: "the hour is 0 to 23, not 24"
};

CronReading read_cron(std::string_view text);

}  // namespace deployctl::calendar
