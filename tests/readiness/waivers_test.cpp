// SPDX-License-Identifier: Apache-2.0
#include "readiness/waivers.hpp"

#include "tests/readiness/report_bench.hpp"

#include <catch2/catch.hpp>

namespace deployctl::readiness {
namespace {

/// Noon of 2026-11-30.
const WallTime today = read_rfc3339("2026-11-30T12:00:00Z").value();

Waiver waiver_until(const std::string& date) {
    return {"A", "", "known", "sre", date};
}

Assessment with_waivers(std::vector<Waiver> waivers) {
    Settings settings;
    settings.waivers = std::move(waivers);
    ReportBench bench(settings);
    bench.rule("A", "network", FindingSeverity::high, Blocks::always)
        .fail("prod -> Deployment/shop/web")
        .fail("prod -> Deployment/shop/web-admin")
        .pass("prod -> Deployment/shop/api");
    bench.rule("B", "network").fail("prod -> Deployment/shop/web");
    return bench.assess();
}

}  // namespace

TEST_CASE(
    "a waiver holds until the end of its day, and not for longer than allowed", "[readiness]"
) {
    CHECK(state_of(waiver_until("2026-11-30"), today) == WaiverState::good);
    CHECK(state_of(waiver_until("2026-11-29"), today) == WaiverState::expired);
    CHECK(state_of(waiver_until("2027-05-29"), today) == WaiverState::good);
    CHECK(state_of(waiver_until("2027-05-30"), today) == WaiverState::too_long);
    CHECK(state_of(waiver_until("2028-02-29"), today) == WaiverState::too_long);
}

TEST_CASE("a date that is none counts as expired", "[readiness]") {
    for (const auto* date :
         {"",
          "soon",
          "2026-13-01",
          "2026-02-30",
          "2026-12-1",
          "31.12.2026",
          "2026-12-31T00:00:00Z",
          "+026-12-31",
          "2026-12--1",
          "9999-99-99"}) {
        CAPTURE(date);
        CHECK(state_of(waiver_until(date), today) == WaiverState::no_date);
        CHECK(why_not(waiver_until(date), today).find("counts as expired") != std::string::npos);
    }
}

TEST_CASE("a waiver without an owner or a reason does not hold", "[readiness]") {
    auto waiver = waiver_until("2026-12-31");
    waiver.owner = "";
    CHECK(state_of(waiver, today) == WaiverState::nameless);
    waiver = waiver_until("2026-12-31");
    waiver.reason = "";
    CHECK(state_of(waiver, today) == WaiverState::nameless);
}

TEST_CASE("a waiver covers its object and what is below, by whole steps", "[readiness]") {
    auto waiver = waiver_until("2026-12-31");
    CHECK(covers(waiver, "A", "anything"));
    CHECK_FALSE(covers(waiver, "B", "anything"));
    waiver.object = "prod -> Deployment/shop/web";
    CHECK(covers(waiver, "A", "prod -> Deployment/shop/web"));
    CHECK(covers(waiver, "A", "prod -> Deployment/shop/web/container/app"));
    CHECK_FALSE(covers(waiver, "A", "prod -> Deployment/shop/web-admin"));
    CHECK_FALSE(covers(waiver, "A", "prod -> Deployment/shop"));
    waiver.object = "prod -> Deployment/";
    CHECK(covers(waiver, "A", "prod -> Deployment/shop/web"));
}

TEST_CASE("waived failures are no longer open, block nothing, and earn nothing", "[readiness]") {
    auto assessment = with_waivers({waiver_until("2026-12-31")});
    const auto before = assessment.score->low.exact;
    REQUIRE(blockers(assessment).size() == 2);
    apply_waivers(assessment, today);
    CHECK(assessment.warnings.empty());
    CHECK(blockers(assessment).empty());
    CHECK(open_checks(assessment).size() == 1);
    CHECK(assessment.results[0].findings[0].waiver->owner == "sre");
    CHECK(assessment.results[0].findings[2].outcome == Outcome::pass);
    count_points(assessment);
    CHECK(assessment.score->low.exact == before);
    CHECK(assessment.score->high.exact == before);
}

TEST_CASE("waivers of everything do not raise either end", "[readiness]") {
    auto other = waiver_until("2026-12-31");
    other.rule = "B";
    auto assessment = with_waivers({waiver_until("2026-12-31"), other});
    const auto before = assessment.score->high.exact;
    apply_waivers(assessment, today);
    count_points(assessment);
    CHECK(open_checks(assessment).empty());
    CHECK(assessment.score->high.exact == before);
    CHECK(assessment.score->low.hundredths < 2500);
}

TEST_CASE("waivers that do not hold, or that nobody needs, are said", "[readiness]") {
    auto unused = waiver_until("2026-12-31");
    unused.object = "prod -> Deployment/shop/api";
    auto unknown = waiver_until("2026-12-31");
    unknown.rule = "C";
    auto assessment = with_waivers({waiver_until("2026-11-01"), unused, unknown});
    apply_waivers(assessment, today);
    CHECK(
        assessment.warnings ==
        std::vector<std::string>{
            "waiver of A: expired on 2026-11-01",
            "waiver of A for prod -> Deployment/shop/api: nothing fails that it is for; take it "
            "out",
            "waiver of C: there is no such rule",
        }
    );
    CHECK(blockers(assessment).size() == 2);
}

TEST_CASE("what is not assessed cannot be waived", "[readiness]") {
    Settings settings;
    settings.waivers = {waiver_until("2026-12-31")};
    ReportBench bench(settings);
    bench.rule("A", "network").unknown();
    auto assessment = bench.assess();
    apply_waivers(assessment, today);
    CHECK(assessment.results[0].findings[0].outcome == Outcome::not_assessed);
    CHECK(assessment.warnings.size() == 1);
}

}  // namespace deployctl::readiness
