// SPDX-License-Identifier: Apache-2.0
#include "calendar/freeze.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace deployctl;
using namespace deployctl::calendar;
using std::chrono::hours;

namespace {

WallTime utc(const std::string& text) {
    return read_rfc3339(text + ":00Z").value();
}

TimeZone zone(const std::string& name) {
    const auto found = TimeZone::named(name);
    REQUIRE(found);
    return *found;
}

FreezeWindow by_cron(const std::string& cron, Duration length) {
    FreezeWindow window;
    window.name = "often";
    window.cron = cron;
    window.length = length;
    return window;
}

FreezeWindow by_dates(const std::string& from, const std::string& to) {
    FreezeWindow window;
    window.name = "once";
    window.from = from;
    window.to = to;
    return window;
}

Freeze a_freeze(const std::string& since) {
    Freeze freeze;
    freeze.number = 3;
    freeze.app = "web";
    freeze.by = "ada@laptop";
    freeze.reason = "db is down";
    freeze.since = utc(since);
    return freeze;
}

/// "open, none before ..." or "frozen by ...", as people read it.
std::string say(
    const std::vector<FreezeWindow>& windows,
    const std::string& place,
    const std::string& now,
    const std::string& environment = "production"
) {
    const auto where = zone(place);
    std::vector<Closure> closures;
    for (const auto& window : windows) {
        closures.push_back(to_closure(window, where));
    }
    return to_text(outlook(closures, environment, utc(now)), utc(now), where);
}

}  // namespace

TEST_CASE("a weekend is frozen from Friday evening to Monday morning", "[calendar]") {
    auto weekend = by_cron("0 17 * * 5", hours(62));
    weekend.name = "weekend";
    // In November Berlin is an hour ahead.
    CHECK(
        say({weekend}, "Europe/Berlin", "2026-11-27T15:59") ==
        "none before Fri 17:00 (Europe/Berlin)"
    );
    CHECK(
        say({weekend}, "Europe/Berlin", "2026-11-27T16:00") ==
        "frozen by `weekend` until Mon 07:00 (Europe/Berlin)"
    );
    CHECK(
        say({weekend}, "Europe/Berlin", "2026-11-30T05:59") ==
        "frozen by `weekend` until Mon 07:00 (Europe/Berlin)"
    );
    CHECK(
        say({weekend}, "Europe/Berlin", "2026-11-30T06:00") ==
        "none before Fri 17:00 (Europe/Berlin)"
    );
}

TEST_CASE("a window of dates holds from its first minute to before its last", "[calendar]") {
    auto year_end = by_dates("2026-12-18T00:00", "2027-01-04T08:00");
    CHECK(
        say({year_end}, "Asia/Kathmandu", "2026-11-27T12:00") ==
        "none before Fri 2026-12-18 00:00 (Asia/Kathmandu)"
    );
    CHECK(
        say({year_end}, "Asia/Kathmandu", "2026-12-17T18:14") ==
        "none before Fri 00:00 (Asia/Kathmandu)"
    );
    CHECK(
        say({year_end}, "Asia/Kathmandu", "2026-12-17T18:15") ==
        "frozen by `once` until Mon 2027-01-04 08:00 (Asia/Kathmandu)"
    );
    CHECK(
        say({year_end}, "Asia/Kathmandu", "2027-01-04T02:14") ==
        "frozen by `once` until Mon 08:00 (Asia/Kathmandu)"
    );
    CHECK(say({year_end}, "Asia/Kathmandu", "2027-01-04T02:15") == "none");
}

TEST_CASE("a window is for its environments, or for all", "[calendar]") {
    auto window = by_dates("2026-12-18T00:00", "2026-12-19T00:00");
    window.environments = {"production", "dr"};
    CHECK(
        say({window}, "UTC", "2026-12-18T12:00", "dr") == "frozen by `once` until Sat 00:00 (UTC)"
    );
    CHECK(say({window}, "UTC", "2026-12-18T12:00", "staging") == "none");
    CHECK(say({window}, "UTC", "2026-12-18T12:00", "") == "none");
    window.environments.clear();
    CHECK(say({window}, "UTC", "2026-12-18T12:00", "") == "frozen by `once` until Sat 00:00 (UTC)");
}

TEST_CASE("what overlaps, or follows at once, is one closed time", "[calendar]") {
    auto first = by_dates("2026-12-18T00:00", "2026-12-18T06:00");
    first.name = "first";
    auto second = by_dates("2026-12-18T05:00", "2026-12-18T10:00");
    second.name = "second";
    auto third = by_dates("2026-12-18T10:00", "2026-12-18T12:00");
    third.name = "third";
    auto apart = by_dates("2026-12-18T12:01", "2026-12-18T13:00");
    apart.name = "apart";
    const std::vector all{apart, third, second, first};
    CHECK(
        say(all, "UTC", "2026-12-18T01:00") ==
        "frozen by `first`, `second`, `third` until Fri 12:00 (UTC)"
    );
    CHECK(
        say(all, "UTC", "2026-12-18T09:00") == "frozen by `second`, `third` until Fri 12:00 (UTC)"
    );
    CHECK(say(all, "UTC", "2026-12-18T12:00") == "none before Fri 12:01 (UTC)");
    const std::vector<Closure> closures{
        to_closure(first, zone("UTC")),
        to_closure(second, zone("UTC")),
        to_closure(apart, zone("UTC"))
    };
    const auto found = outlook(closures, "", utc("2026-12-18T01:00"));
    CHECK(found.open_at == utc("2026-12-18T10:00"));
    REQUIRE(found.next);
    CHECK(found.next->name == "`apart`");
    CHECK(found.next->begin == utc("2026-12-18T12:01"));
}

TEST_CASE("a closed time without an end is said to have none", "[calendar]") {
    CHECK(
        say({by_cron("0 * * * *", hours(1))}, "Europe/Berlin", "2026-12-18T01:00") ==
        "frozen by `often`, and no end is in sight"
    );
    const auto found =
        outlook({to_closure(a_freeze("2026-12-18T00:00"))}, "", utc("2026-12-18T01:00"));
    CHECK(found.is_frozen());
    CHECK_FALSE(found.open_at);
    CHECK_FALSE(found.next);
}

TEST_CASE("an ad-hoc freeze holds until its end, or its removal", "[calendar]") {
    auto freeze = a_freeze("2026-12-18T00:00");
    freeze.environment = "production";
    freeze.until = utc("2026-12-18T04:00");
    const auto is_frozen = [&](const std::string& environment, const std::string& now) {
        return outlook({to_closure(freeze)}, environment, utc(now)).is_frozen();
    };
    CHECK_FALSE(is_frozen("production", "2026-12-17T23:59"));
    CHECK(is_frozen("production", "2026-12-18T00:00"));
    CHECK_FALSE(is_frozen("staging", "2026-12-18T00:00"));
    CHECK(is_frozen("production", "2026-12-18T03:59"));
    CHECK_FALSE(is_frozen("production", "2026-12-18T04:00"));
    freeze.removed = FreezeRemoval{"eve@ci", "it is up", utc("2026-12-18T02:00")};
    CHECK(is_frozen("production", "2026-12-18T01:59"));
    CHECK_FALSE(is_frozen("production", "2026-12-18T02:00"));
    CHECK(to_closure(freeze).name == "freeze 3 (ada@laptop: db is down)");
}

TEST_CASE(
    "lengths are time that passes: over a change of the clock the end moves by it", "[calendar]"
) {
    const auto weekend = by_cron("0 17 * * 5", hours(62));
    // Berlin, 29 March 2026 02:00 is 03:00; 25 October 2026 03:00 is 02:00.
    CHECK(
        say({weekend}, "Europe/Berlin", "2026-03-28T12:00") ==
        "frozen by `often` until Mon 08:00 (Europe/Berlin)"
    );
    CHECK(
        say({weekend}, "Europe/Berlin", "2026-10-24T12:00") ==
        "frozen by `often` until Mon 06:00 (Europe/Berlin)"
    );
    // New York, 8 March 2026 and 1 November 2026.
    CHECK(
        say({weekend}, "America/New_York", "2026-03-07T12:00") ==
        "frozen by `often` until Mon 08:00 (America/New_York)"
    );
    CHECK(
        say({weekend}, "America/New_York", "2026-10-31T12:00") ==
        "frozen by `often` until Mon 06:00 (America/New_York)"
    );
}

TEST_CASE("a time that the clock skips begins when it skips", "[calendar]") {
    const auto night = by_cron("30 2 * * *", hours(1));
    CHECK(
        say({night}, "Europe/Berlin", "2026-03-29T00:59") == "none before Sun 03:00 (Europe/Berlin)"
    );
    CHECK(
        say({night}, "Europe/Berlin", "2026-03-29T01:00") ==
        "frozen by `often` until Sun 04:00 (Europe/Berlin)"
    );
    CHECK(
        say({night}, "America/New_York", "2026-03-08T06:59") ==
        "none before Sun 03:00 (America/New_York)"
    );
    CHECK(
        say({night}, "America/New_York", "2026-03-08T07:59") ==
        "frozen by `often` until Sun 04:00 (America/New_York)"
    );
    const auto dates = by_dates("2026-03-29T02:30", "2026-03-29T04:00");
    CHECK(
        say({dates}, "Europe/Berlin", "2026-03-29T00:59") == "none before Sun 03:00 (Europe/Berlin)"
    );
    const auto end = by_dates("2026-03-29T01:00", "2026-03-29T02:30");
    CHECK(
        say({end}, "Europe/Berlin", "2026-03-29T00:59") ==
        "frozen by `once` until Sun 03:30 (Europe/Berlin)"  // an hour and a half, as it was written
    );
    const auto within = by_dates("2026-03-29T02:30", "2026-03-29T02:45");
    CHECK(
        say({within}, "Europe/Berlin", "2026-03-29T01:10") ==
        "frozen by `once` until Sun 03:45 (Europe/Berlin)"
    );
}

TEST_CASE("a time that the clock shows twice begins both times", "[calendar]") {
    const auto night = by_cron("30 2 * * *", minutes(10));
    const auto closures = std::vector{to_closure(night, zone("Europe/Berlin"))};
    const auto is_frozen = [&](const std::string& now) {
        return outlook(closures, "", utc(now)).is_frozen();
    };
    CHECK(is_frozen("2026-10-25T00:30"));
    CHECK_FALSE(is_frozen("2026-10-25T00:40"));
    CHECK(is_frozen("2026-10-25T01:30"));
    CHECK_FALSE(is_frozen("2026-10-25T01:40"));
    // Dates hold from the first of two to the last of two.
    const auto dates = by_dates("2026-10-25T02:30", "2026-10-25T02:45");
    CHECK(
        say({dates}, "Europe/Berlin", "2026-10-25T00:29") == "none before Sun 02:30 (Europe/Berlin)"
    );
    CHECK(
        say({dates}, "Europe/Berlin", "2026-10-25T00:30") ==
        "frozen by `once` until Sun 02:45 (Europe/Berlin)"
    );
    CHECK(
        say({dates}, "Europe/Berlin", "2026-10-25T01:44") ==
        "frozen by `once` until Sun 02:45 (Europe/Berlin)"
    );
    CHECK(say({dates}, "Europe/Berlin", "2026-10-25T01:45") == "none");
}

TEST_CASE("zones are known by their names, and moments by both ways to write them", "[calendar]") {
    CHECK_FALSE(TimeZone::named("Europe/Berlyn"));
    CHECK_FALSE(TimeZone::named(""));
    CHECK_FALSE(TimeZone::named("../../etc/passwd"));
    CHECK(zone_names().size() > 300);
    CHECK(read_moment("2026-12-18T00:00", zone("Asia/Kathmandu")) == utc("2026-12-17T18:15"));
    CHECK(read_moment("2026-12-18T00:00:00Z", zone("Asia/Kathmandu")) == utc("2026-12-18T00:00"));
    CHECK_FALSE(read_moment("tomorrow", zone("UTC")));
    CHECK_FALSE(read_moment("2026-02-30T00:00", zone("UTC")));
}

namespace {

/// What a person would do who watches the clock on the wall, and begins a period at each minute
/// that fits, and at the moment of a skip where one that fits is skipped.
class Watcher {
public:
    Watcher(const FreezeWindow& window, const TimeZone& zone)
        : cron_(read_cron(window.cron).cron.value()), length_(window.length.value()), zone_(zone) {}

    bool is_frozen(WallTime now) {
        const auto shown = zone_.stretch_at(now).local(now);
        const auto expected =
            zone_.stretch_at(now - minutes(1)).local(now - minutes(1)) + minutes(1);
        bool begins = cron_.fires_at(shown);
        for (auto skipped = expected; skipped < shown; skipped += minutes(1)) {
            begins = begins || cron_.fires_at(skipped);
        }
        if (begins) {
            end_ = now + length_;
        }
        return end_ && now < *end_;
    }

private:
    Cron cron_;
    Duration length_;
    TimeZone zone_;
    std::optional<WallTime> end_;
};

struct Trial {
    const char* zone;
    const char* begin;  ///< four days around a change of the clock, where there is one
};

}  // namespace

TEST_CASE("frozen, until when and from when on agree with a walk over every minute", "[calendar]") {
    const auto trial = GENERATE(
        Trial{"Europe/Berlin", "2026-03-27T00:00"},
        Trial{"Europe/Berlin", "2026-10-23T00:00"},
        Trial{"America/New_York", "2026-03-06T00:00"},
        Trial{"America/New_York", "2026-10-30T00:00"},
        Trial{"Asia/Kathmandu", "2026-03-27T00:00"},
        Trial{"Australia/Lord_Howe", "2026-04-03T00:00"},
        Trial{"Australia/Lord_Howe", "2026-10-02T00:00"},
        Trial{"UTC", "2026-10-23T00:00"}
    );
    const auto where = zone(trial.zone);
    std::mt19937 dice(static_cast<unsigned>(std::string(trial.begin)[6]));
    for (int round = 0; round < 12; ++round) {
        const auto number = [&](unsigned below) { return std::to_string(dice() % below); };
        const auto window = by_cron(
            (dice() % 2 == 0 ? number(60) : "*/" + std::to_string(20 + dice() % 30)) + " " +
                (dice() % 3 == 0 ? "*" : "0-3," + number(24)) + " * * " +
                (dice() % 2 == 0 ? "*" : "6,0," + number(8)),
            minutes(1 + dice() % 200)
        );
        CAPTURE(trial.zone, trial.begin, window.cron, to_text(*window.length));
        Watcher watcher(window, where);
        const std::vector closures{to_closure(window, where)};
        const auto begin = utc(trial.begin);
        const auto first = begin - hours(48);  // long enough for what began before
        std::vector<bool> walked;
        for (auto now = first; now < begin + hours(96); now += minutes(1)) {
            walked.push_back(watcher.is_frozen(now));
        }
        std::vector<std::string> differences;
        std::optional<WallTime> open;
        std::optional<WallTime> next;  // closed time after `open`, from the end backwards
        std::optional<WallTime> closed;
        for (auto n = std::ssize(walked) - 1; n >= 48 * 60; --n) {
            const auto now = first + minutes(n);
            if (walked[static_cast<std::size_t>(n)]) {
                closed = now;
            } else {
                open = now;
                next = closed;
            }
            if (!open && n % 97 != 0) {
                continue;  // closed to the end of the walk: a year is followed for each answer
            }
            const auto found = outlook(closures, "", now);
            const bool is_right = found.is_frozen() == walked[static_cast<std::size_t>(n)] &&
                                  (!open || found.open_at == open) &&
                                  (!next || (found.next && found.next->begin == next));
            if (!is_right) {
                differences.push_back(to_rfc3339(now));
            }
        }
        CHECK(differences == std::vector<std::string>{});
    }
}
