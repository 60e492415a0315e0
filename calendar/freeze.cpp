// SPDX-License-Identifier: Apache-2.0
#include "calendar/freeze.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace deployctl::calendar {

namespace {

/// A closed time that goes on for longer has no end that anybody waits for.
constexpr Duration farthest = std::chrono::hours(366 * 24);

template <class T>
const T& checked(const std::optional<T>& value, const std::string& of) {
    if (!value) {
        throw std::logic_error("a freeze window that was not checked: " + of);
    }
    return *value;
}

Schedule schedule_of(const FreezeWindow& window, const TimeZone& zone) {
    if (window.cron.empty()) {
        const auto from = checked(read_local(window.from), window.name);
        const auto to = checked(read_local(window.to), window.name);
        return Schedule(Period{zone.first_moment(from), zone.last_moment(to)});
    }
    const auto reading = read_cron(window.cron);
    return Schedule(
        Recurrence{checked(reading.cron, window.name), checked(window.length, window.name), zone}
    );
}

bool applies(const Closure& closure, const std::string& environment) {
    const auto& all = closure.environments;
    return all.empty() || std::ranges::find(all, environment) != all.end();
}

void note(std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) {
        names.push_back(name);
    }
}

/// Goes from end to end, until nothing is closed there.
void follow(Outlook& found, const std::vector<Closure>& closures, WallTime now) {
    auto end = now;
    for (bool is_open = false; !is_open; found.open_at = end) {
        is_open = true;
        for (const auto& closure : closures) {
            const auto period = closure.schedule.covering(end);
            if (!period) {
                continue;
            }
            note(found.frozen_by, closure.name);
            is_open = false;
            if (!period->end || *period->end > now + farthest) {
                found.open_at.reset();
                return;
            }
            end = *period->end;
        }
    }
}

}  // namespace

Closure to_closure(const FreezeWindow& window, const TimeZone& zone) {
    return {"`" + window.name + "`", window.environments, schedule_of(window, zone)};
}

Closure to_closure(const Freeze& freeze) {
    std::vector<std::string> environments;
    if (!freeze.environment.empty()) {
        environments.push_back(freeze.environment);
    }
    auto end = freeze.until;
    if (freeze.removed && (!end || freeze.removed->at < *end)) {
        end = freeze.removed->at;
    }
    return {
        "freeze " + std::to_string(freeze.number) + " (" + freeze.by + ": " + freeze.reason + ")",
        std::move(environments),
        Schedule(Period{freeze.since, end})
    };
}

Outlook outlook(
    const std::vector<Closure>& closures, const std::string& environment, WallTime now
) {
    std::vector<Closure> here;
    std::ranges::copy_if(closures, std::back_inserter(here), [&](const Closure& closure) {
        return applies(closure, environment);
    });
    Outlook found;
    follow(found, here, now);
    for (const auto& closure : here) {
        const auto next = found.open_at ? closure.schedule.after(*found.open_at) : std::nullopt;
        if (next && (!found.next || next->begin < found.next->begin)) {
            found.next = {closure.name, next->begin};
        }
    }
    return found;
}

std::string to_text(const Outlook& outlook, WallTime now, const TimeZone& zone) {
    const auto at = [&](WallTime time) {
        return to_text(time, now, zone) + " (" + zone.name() + ")";
    };
    if (outlook.is_frozen()) {
        return "frozen by " + join(outlook.frozen_by, ", ") +
               (outlook.open_at ? " until " + at(*outlook.open_at) : ", and no end is in sight");
    }
    return outlook.next ? "none before " + at(outlook.next->begin) : "none";
}

}  // namespace deployctl::calendar
