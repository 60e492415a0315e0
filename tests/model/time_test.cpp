// SPDX-License-Identifier: Apache-2.0
#include "model/time.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl;
using namespace std::chrono_literals;

TEST_CASE("a duration is said in the largest units that say it exactly", "[model]") {
    const auto [duration, text] = GENERATE(table<Duration, std::string>({
        {0s, "0s"},
        {90s, "1m30s"},
        {60s, "1m"},
        {2h, "2h"},
        {49h, "49h"},
        {250ms, "250ms"},
        {1500ms, "1s500ms"},
        {3us, "3us"},
        {-90s, "-1m30s"},
    }));
    CHECK(to_text(duration) == text);
}

TEST_CASE("a duration is read in any sum of units, and nothing else is", "[model]") {
    CHECK(read_duration("1h30m") == Duration(90min));
    CHECK(read_duration("90s") == Duration(90s));
    CHECK(read_duration("1d") == Duration(24h));
    CHECK(read_duration("0s") == Duration(0s));
    for (const auto* text :
         {"", "5", "s", "5x", "-5s", "1.5s", "5 s", "5s ", "99999999999s", "999999999h"}) {
        CAPTURE(text);
        CHECK_FALSE(read_duration(text));
    }
}

TEST_CASE("every duration that is written is read back", "[model]") {
    std::mt19937_64 random(7);
    for (int round = 0; round < 1000; ++round) {
        const Duration duration(static_cast<std::int64_t>(random() % (1ULL << (random() % 45))));
        CHECK(read_duration(to_text(duration)) == duration);
    }
}

TEST_CASE("a short text rounds for a person", "[model]") {
    const auto [duration, text] = GENERATE(table<Duration, std::string>({
        {0s, "0s"},
        {800ms, "0.8s"},
        {840ms, "0.8s"},
        {4s, "4s"},
        {9900ms, "9.9s"},
        {12s, "12s"},
        {602s, "10m02s"},
        {3600s, "1h00m"},
        {3 * 3600s + 125s, "3h02m"},
    }));
    CHECK(to_short_text(duration) == text);
}

TEST_CASE("a short text never has sixty seconds or ten point zero", "[model]") {
    CHECK(to_short_text(59'600ms) == "1m00s");
    CHECK(to_short_text(9'990ms) == "10s");
}

TEST_CASE("times are written and read as RFC 3339 in UTC", "[model]") {
    const WallTime time = std::chrono::sys_days(2026y / 11 / 24) + 22h + 28min + 51s + 250ms;
    CHECK(to_rfc3339(time) == "2026-11-24T22:28:51.250000Z");
    CHECK(to_clock_text(time) == "22:28:51");
    CHECK(read_rfc3339("2026-11-24T22:28:51.25Z") == time);
    CHECK(read_rfc3339("2026-11-24T22:28:51.250000999Z") == time);
    CHECK(read_rfc3339("2026-11-24T22:28:51Z") == time - 250ms);
    CHECK(read_rfc3339("2026-11-25T00:28:51.250000999+02:00") == time);
    CHECK(read_rfc3339("2026-11-24T15:28:51.25-07:00") == time);
    const WallTime leap_day = std::chrono::sys_days(2028y / 2 / 29);
    CHECK(read_rfc3339("2028-02-29T00:00:00Z") == leap_day);
}

TEST_CASE("what is no time is not read as one", "[model]") {
    for (const auto* text :
         {"",
          "2026-11-24",
          "2026-11-24 22:28:51Z",
          "2026-11-24T22:28:51",
          "2026-02-30T00:00:00Z",
          "2026-13-01T00:00:00Z",
          "2026-11-24T22:28:xxZ",
          "2026-11-24T22:28:51.Z",
          "2026-11-24T22:28:51+0200",
          "2026-11-24T22:28:51+02:00Z",
          "2026-11-24T22:28:51Z02:00",
          "2026-11-24T22:28:51+-2:00",
          "2026-11-24T22:28:51,5Z"}) {
        CAPTURE(text);
        CHECK_FALSE(read_rfc3339(text));
    }
}

TEST_CASE("every time that is written is read back", "[model]") {
    std::mt19937_64 random(11);
    for (int round = 0; round < 1000; ++round) {
        const WallTime time(Duration(static_cast<std::int64_t>(random() % 4'000'000'000'000'000ULL))
        );
        CHECK(read_rfc3339(to_rfc3339(time)) == time);
    }
}

TEST_CASE("boot times are compared and subtracted", "[model]") {
    const BootTime early{5s};
    const auto late = early + 7s;
    CHECK(late - early == Duration(7s));
    CHECK(early < late);
}
