// SPDX-License-Identifier: Apache-2.0
#include "readiness/delta.hpp"

#include "documents/json.hpp"
#include "readiness/reports/assessment_json.hpp"
#include "readiness/waivers.hpp"
#include "tests/readiness/report_bench.hpp"

#include <catch2/catch.hpp>

namespace deployctl::readiness {
namespace {

const std::string web = "prod -> Deployment/shop/web";
const std::string api = "prod -> Deployment/shop/api";

/// Of the file that is kept of it.
Recorded kept(const Assessment& assessment) {
    const auto record = read_recorded(documents::write_json(to_value(assessment, report_head())));
    REQUIRE(record.trouble == "");
    return record;
}

/// "change rule object" a row.
std::string told(const Delta& delta) {
    std::string text;
    for (const auto& row : delta.rows) {
        text += std::string(change_names[static_cast<std::size_t>(row.change)]) + " " + row.rule +
                " " + row.object + (row.blocks ? " !" : "") + "\n";
    }
    return text;
}

Delta between(const Assessment& before, const Assessment& now) {
    return compare(kept(before), recorded_of(now));
}

ReportBench bench_with(Outcome first, Outcome second) {
    ReportBench bench;
    bench.rule("A", "network", FindingSeverity::high, Blocks::always);
    GivenFinding given;
    given.object = web;
    given.outcome = first;
    bench.finding(given);
    given.object = api;
    given.outcome = second;
    bench.finding(given);
    return bench;
}

}  // namespace

TEST_CASE("what changes is told by rule and object", "[readiness]") {
    using enum Outcome;
    const auto told_of = [](Outcome before, Outcome now) {
        return told(between(bench_with(before, pass).assess(), bench_with(now, pass).assess()));
    };
    CHECK(told_of(pass, fail) == "new A " + web + " !\n");
    CHECK(told_of(not_assessed, fail) == "new A " + web + " !\n");
    CHECK(told_of(fail, pass) == "fixed A " + web + "\n");
    CHECK(told_of(waived, pass) == "fixed A " + web + "\n");
    CHECK(told_of(fail, fail) == "still A " + web + "\n");
    CHECK(told_of(waived, fail) == "waiver-expired A " + web + " !\n");
    CHECK(told_of(fail, waived) == "waived A " + web + "\n");
    CHECK(told_of(fail, not_assessed) == "no-longer-assessed A " + web + "\n");
    CHECK(told_of(pass, not_assessed) == "no-longer-assessed A " + web + "\n");
    CHECK(told_of(pass, pass) == "");
    CHECK(told_of(not_assessed, pass) == "");
    CHECK(told_of(waived, waived) == "");
}

TEST_CASE("a finding that has moved to another file and line is the same", "[readiness]") {
    ReportBench before;
    before.rule("A", "network").fail();
    ReportBench now;
    GivenFinding given;
    given.file = "elsewhere/web.yaml";
    given.spot = {1, 1};
    given.observed = "another value";
    now.rule("A", "network").finding(given);
    const auto delta = between(before.assess(), now.assess());
    CHECK(told(delta) == "still A " + web + "\n");
    CHECK(delta.rows[0].where == "elsewhere/web.yaml:1:1");
    CHECK(delta.rows[0].now == "another value");
}

TEST_CASE("several of one name are told apart by their order", "[readiness]") {
    ReportBench before;
    before.rule("A", "network").fail().fail();
    ReportBench now;
    now.rule("A", "network").fail().pass();
    CHECK(
        told(between(before.assess(), now.assess())) == "still A " + web + "\nfixed A " + web + "\n"
    );
}

TEST_CASE("an object that is gone is removed, one that nobody asks about is not", "[readiness]") {
    ReportBench before;
    before.rule("A", "network").fail(web).pass(api);
    before.rule("B", "network").pass(api);
    ReportBench now;
    now.rule("A", "network");
    now.rule("B", "network").pass(api);
    CHECK(
        told(between(before.assess(), now.assess())) ==
        "removed A " + web + "\nno-longer-asked A " + api + "\n"
    );
}

TEST_CASE("a rule that is gone says nothing of the repository", "[readiness]") {
    ReportBench before;
    before.rule("A", "network").fail(web);
    before.rule("B", "network").pass(web);
    ReportBench now;
    now.rule("B", "network").pass(web);
    const auto delta = between(before.assess(), now.assess());
    CHECK(told(delta) == "");
    REQUIRE(delta.movement);
    CHECK(delta.movement->by_rules == 5000);
    CHECK(delta.movement->by_repository == 0);
}

TEST_CASE("to delete a manifest does not raise the low end against a baseline", "[readiness]") {
    ReportBench before;
    before.rule("A", "network").fail(web).pass(api);
    before.rule("B", "cloud").pass(api);
    const auto baseline = kept(before.assess());
    ReportBench without;
    without.rule("A", "network").pass(api);
    without.rule("B", "cloud").pass(api);
    auto now = without.assess();
    CHECK(now.score->low.hundredths == 10000);
    count_removed(now, baseline);
    CHECK(now.score->low.hundredths == baseline.score->first);
    CHECK(now.score->high.hundredths == 10000);
    CHECK(told(compare(baseline, recorded_of(now))) == "no-longer-assessed A " + web + "\n");

    // Not by doing it twice either: what is kept of this one still has it.
    const auto second = kept(now);
    auto again = without.assess();
    count_removed(again, second);
    CHECK(again.score->low.exact == now.score->low.exact);

    auto back = before.assess();
    count_removed(back, second);
    CHECK(back.score->low.exact == before.assess().score->low.exact);
}

TEST_CASE("to empty everything does not raise the low end against a baseline", "[readiness]") {
    ReportBench before;
    before.rule("A", "network").fail(web).pass(api);
    const auto baseline = kept(before.assess());
    ReportBench nothing;
    nothing.rule("A", "network");
    auto now = nothing.assess();
    CHECK_FALSE(now.score);
    count_removed(now, baseline);
    REQUIRE(now.score);
    CHECK(now.score->low.hundredths == 0);
}

TEST_CASE("a file that can no longer be read is no removed one", "[readiness]") {
    ReportBench before;
    before.rule("A", "network").pass(web);
    const auto baseline = kept(before.assess());
    ReportBench unread;
    unread.rule("A", "network");
    auto now = unread.assess();
    Finding lost;
    lost.place.file = "k8s/web.yaml";
    now.results[0].findings.push_back(lost);
    count_removed(now, baseline);
    CHECK(now.results[0].findings.size() == 2);
    CHECK(now.score->low.hundredths == 0);
}

TEST_CASE("the parts of a movement add up to it", "[readiness]") {
    ReportBench before;
    before.rule("A", "network", FindingSeverity::low).fail(web).pass(api).pass("x");
    before.rule("B", "cloud").pass(web);
    ReportBench now;
    now.rule("A", "network", FindingSeverity::critical).pass(web).unknown(api).pass("x");
    now.rule("B", "cloud").pass(web);
    now.rule("C", "network").fail(web);
    const auto delta = between(before.assess(), now.assess());
    REQUIRE(delta.movement);
    const auto& movement = *delta.movement;
    CHECK(
        movement.now - movement.before ==
        movement.by_rules + movement.by_coverage + movement.by_repository
    );
    CHECK(movement.by_rules < 0);
    CHECK(movement.by_coverage < 0);
    CHECK(movement.by_repository > 0);
}

TEST_CASE("a score that only the weights have moved is the rules' movement", "[readiness]") {
    Settings settings;
    settings.weights = {{"network", 90}};
    const auto fill = [](ReportBench bench) {
        bench.rule("A", "network").fail(web);
        bench.rule("B", "cloud").pass(web);
        return bench.assess();
    };
    const auto delta = between(fill(ReportBench()), fill(ReportBench(settings)));
    CHECK(delta.weights_differ);
    CHECK_FALSE(delta.rules_differ);
    REQUIRE(delta.movement);
    CHECK(delta.movement->by_rules == delta.movement->now - delta.movement->before);
    CHECK(delta.movement->by_rules < 0);
}

TEST_CASE("waivers move nothing", "[readiness]") {
    const auto delta = between(
        bench_with(Outcome::fail, Outcome::pass).assess(),
        bench_with(Outcome::waived, Outcome::pass).assess()
    );
    REQUIRE(delta.movement);
    CHECK(delta.movement->now == delta.movement->before);
    CHECK(delta.movement->by_repository == 0);
}

TEST_CASE("what is no record is refused in words", "[readiness]") {
    const auto good = documents::write_json(to_value(mixed_assessment(), report_head()));
    CHECK(read_recorded(good).trouble == "");
    const auto with = [&](const char* place, const Value& wrong) {
        auto value = documents::read_json(good);
        value.set(place, wrong);
        return read_recorded(documents::write_json(value));
    };
    CHECK(read_recorded("").trouble != "");
    CHECK(read_recorded("[]").trouble != "");
    CHECK(read_recorded("{\"v\":1}").trouble != "");
    CHECK(read_recorded(std::string(100'000, '[')).trouble != "");
    CHECK(with("/v", 2).trouble != "");
    CHECK(with("/score/low", "many").trouble != "");
    CHECK(with("/score/low", 101).trouble != "");
    CHECK(with("/score", 3).trouble != "");
    CHECK(with("/rules", Value()).trouble != "");
    CHECK(with("/rules/0/subjects/0/outcome", "fine").trouble != "");
    CHECK(with("/rules/0/subjects/0/count", -1).trouble != "");
    CHECK(with("/rules/0/subjects/0/count", std::int64_t{1} << 60).trouble != "");
    CHECK(with("/rules/0/severity", 1).trouble != "");
    CHECK(with("/categories/0/weight", -5).trouble != "");
    CHECK(with("/score", Value()).trouble == "");
}

TEST_CASE("a record is the same from the program and from its file", "[readiness]") {
    const auto direct = recorded_of(mixed_assessment());
    const auto read = kept(mixed_assessment());
    CHECK(told(compare(direct, read)) == told(compare(read, direct)));
    CHECK(read.score == direct.score);
    CHECK(read.blockers == direct.blockers);
    CHECK(read.rules_digest == direct.rules_digest);
    CHECK(read.weights == direct.weights);
    const auto delta = compare(read, direct);
    CHECK(delta.movement->by_rules == 0);
    CHECK(delta.movement->by_coverage == 0);
    CHECK(delta.movement->by_repository == 0);
}

}  // namespace deployctl::readiness
