// SPDX-License-Identifier: Apache-2.0
#include "calendar/cron.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace deployctl;
using namespace deployctl::calendar;
using Catch::Matchers::Contains;

namespace {

LocalMinute at(const char* text) {
    return read_local(text).value();
}

Cron cron(const std::string& text) {
    const auto reading = read_cron(text);
    INFO(text << ": " << reading.wrong);
    REQUIRE(reading.cron);
    return *reading.cron;
}

std::string wrong(const std::string& text) {
    return read_cron(text).wrong;
}

std::string next(const std::string& text, const char* from) {
    const auto found = cron(text).next(at(from));
    return found ? to_rfc3339(WallTime(found->time_since_epoch())).substr(0, 16) : "never";
}

}  // namespace

TEST_CASE("a local time is read to the minute, and only one that exists", "[calendar]") {
    CHECK(at("2026-02-28T23:59") + minutes(1) == at("2026-03-01T00:00"));
    for (const auto* text :
         {"2026-02-30T00:00",
          "2026-13-01T00:00",
          "2026-12-18T24:00",
          "2026-12-18T10:60",
          "2026-12-18 10:00",
          "2026-12-18T10:00Z",
          "2026-12-18",
          "20x6-12-18T10:00",
          ""}) {
        CAPTURE(text);
        CHECK_FALSE(read_local(text));
    }
}

TEST_CASE("a cron expression fires next where its five fields agree", "[calendar]") {
    // 2026-11-29 is a Sunday.
    CHECK(next("0 17 * * 5", "2026-11-29T12:00") == "2026-12-04T17:00");
    CHECK(next("0 17 * * FRI", "2026-12-04T17:00") == "2026-12-04T17:00");
    CHECK(next("0 17 * * FRI", "2026-12-04T17:01") == "2026-12-11T17:00");
    CHECK(next("*/15 9-17 * * mon-fri", "2026-11-29T12:00") == "2026-11-30T09:00");
    CHECK(next("10-20/5,59 * * * *", "2026-11-29T12:16") == "2026-11-29T12:20");
    CHECK(next("10-20/5,59 * * * *", "2026-11-29T12:21") == "2026-11-29T12:59");
    CHECK(next("0 0 1 jan,JUL *", "2026-11-29T12:00") == "2027-01-01T00:00");
    CHECK(next("  5   4  *   *  *  ", "2026-11-29T12:00") == "2026-11-30T04:05");
}

TEST_CASE("Sunday is 0 and 7, and ends a range of days", "[calendar]") {
    for (const auto* text : {"0 0 * * 0", "0 0 * * 7", "0 0 * * SUN", "0 0 * * 7-7"}) {
        CAPTURE(text);
        CHECK(next(text, "2026-11-30T00:00") == "2026-12-06T00:00");
    }
    CHECK(next("0 0 * * FRI-SUN", "2026-12-05T12:00") == "2026-12-06T00:00");
    CHECK(next("0 0 * * 6-7", "2026-12-06T12:00") == "2026-12-12T00:00");
    CHECK(next("0 0 * * SUN-MON", "2026-12-06T12:00") == "2026-12-07T00:00");
}

TEST_CASE("where both days are said, either is enough, as in crontab(5)", "[calendar]") {
    CHECK(next("0 0 13 * 5", "2026-12-01T00:00") == "2026-12-04T00:00");
    CHECK(next("0 0 13 * 5", "2026-12-12T00:00") == "2026-12-13T00:00");
    // A field that begins with a star restricts the other one.
    CHECK(next("0 0 */13 * 5", "2026-12-01T00:00") == "2027-01-01T00:00");
}

TEST_CASE("the last day of February comes in leap years", "[calendar]") {
    CHECK(next("0 0 29 2 *", "2026-01-01T00:00") == "2028-02-29T00:00");
    CHECK(next("0 0 29 2 *", "2096-03-01T00:00") == "2104-02-29T00:00");
    CHECK(next("0 0 31 * *", "2026-04-01T00:00") == "2026-05-31T00:00");
}

TEST_CASE("what never fires is no cron expression", "[calendar]") {
    CHECK(wrong("0 0 30 2 *") == "no year has such a day");
    CHECK(wrong("0 0 31 4,6,9,11 *") == "no year has such a day");
    CHECK(wrong("0 0 30 2 */2") == "no year has such a day");
    CHECK(wrong("0 0 30 2 1").empty());  // each Monday of February is enough
}

TEST_CASE("a mistake in a cron expression is told with its field", "[calendar]") {
    CHECK(wrong("") == "it has 0 fields, not 5");
    CHECK(wrong("0 17 * *") == "it has 4 fields, not 5");
    CHECK(wrong("@weekly") == "it has 1 fields, not 5");
    CHECK(wrong("60 * * * *") == "the minute is 0 to 59, not `60`");
    CHECK(wrong("0 24 * * *") == "the hour is 0 to 23, not `24`");
    CHECK(wrong("0 0 0 * *") == "the day of the month is 1 to 31, not `0`");
    CHECK(wrong("0 0 * 13 *") == "the month is 1 to 12 or JAN to DEC, not `13`");
    CHECK(wrong("0 0 * * 8") == "the day of the week is 0 to 7 or MON to SUN, not `8`");
    CHECK(wrong("0 0 * * FRY") == "the day of the week is 0 to 7 or MON to SUN, not `FRY`");
    CHECK(wrong("0 0 * MON *") == "the month is 1 to 12 or JAN to DEC, not `MON`");
    CHECK(wrong("0 9-5 * * *") == "`9-5` holds no value");
    CHECK(wrong("*/0 * * * *") == "`*/0` holds no value");
    CHECK(wrong("5/10 * * * *") == "`5/10` has a step and no range");
    for (const auto* text :
         {"1, * * * *",
          ",1 * * * *",
          "1-2-3 * * * *",
          "1- * * * *",
          "- * * * *",
          "*/ * * * *",
          "*/x * * * *",
          "** * * * *",
          "-1 * * * *",
          "+1 * * * *",
          "1.5 * * * *",
          "99999999999 * * * *",
          "*/99999999999 * * * *",
          "? * * * *"}) {
        CAPTURE(text);
        CHECK_THAT(wrong(text), Contains("the minute is 0 to 59"));
    }
}

TEST_CASE("next and last agree with a walk over every minute", "[calendar]") {
    const std::vector<std::string> all{
        "0 17 * * 5", "*/7 3,21 */2 * *", "59 23 28-31 2,12 *", "30 2 * * SAT-SUN", "0 0 1 * MON"
    };
    const auto begin = at("2027-12-20T00:00");
    const auto end = at("2028-03-05T00:00");
    for (const auto& text : all) {
        CAPTURE(text);
        const auto fires = cron(text);
        std::vector<LocalMinute> walked;
        for (auto minute = begin; minute < end; minute += minutes(1)) {
            if (fires.fires_at(minute)) {
                walked.push_back(minute);
            }
        }
        REQUIRE(walked.size() > 5);
        std::size_t differences = 0;
        for (std::size_t n = 0; n + 1 < walked.size(); ++n) {
            differences += fires.next(walked[n] + minutes(1)) != walked[n + 1] ? 1U : 0U;
            differences +=
                fires.last_within(begin, walked[n + 1] - minutes(1)) != walked[n] ? 1U : 0U;
        }
        CHECK(differences == 0);
        CHECK(fires.last_within(begin, walked.front() - minutes(1)) == std::nullopt);
        CHECK(fires.last_within(walked.front(), walked.front()) == walked.front());
    }
}
