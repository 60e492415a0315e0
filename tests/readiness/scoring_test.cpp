// SPDX-License-Identifier: Apache-2.0
// Points of findings that are given by hand.
#include "readiness/evaluation.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::readiness {
namespace {

/// Rules with findings: `rule("A", "network", high, {pass, fail})`.
class Bench {
public:
    explicit Bench(Settings settings = {}) : facts_(std::make_shared<Facts>(std::move(settings))) {}

    Bench& rule(
        std::string id,
        std::string category,
        FindingSeverity severity,
        const std::vector<Outcome>& outcomes,
        Confidence confidence = Confidence::certain
    ) {
        Rule rule;
        rule.id = std::move(id);
        rule.category = std::move(category);
        rule.severity = severity;
        rules_.push_back(std::move(rule));
        findings_.emplace_back();
        for (const auto outcome : outcomes) {
            Finding finding;
            finding.outcome = outcome;
            finding.confidence = confidence;
            findings_.back().push_back(std::move(finding));
        }
        return *this;
    }

    Assessment count() {
        auto pack = std::make_shared<RulePack>();
        pack->rules = rules_;
        Assessment assessment;
        assessment.facts = facts_;
        assessment.pack = pack;
        for (std::size_t at = 0; at < rules_.size(); ++at) {
            auto& result = assessment.results.emplace_back();
            result.rule = &pack->rules[at];
            result.findings = findings_[at];
        }
        count_points(assessment);
        return assessment;
    }

private:
    std::shared_ptr<Facts> facts_;
    std::vector<Rule> rules_;
    std::vector<std::vector<Finding>> findings_;
};

constexpr auto critical = FindingSeverity::critical;
constexpr auto low = FindingSeverity::low;
constexpr auto pass = Outcome::pass;
constexpr auto fail = Outcome::fail;
constexpr auto unknown = Outcome::not_assessed;

TEST_CASE("a category is the mean of its rules' shares by their weights", "[readiness]") {
    const auto assessed = Bench()
                              .rule("A", "network", critical, {pass, pass, fail})
                              .rule("B", "network", low, {pass})
                              .count();
    // (10 * 2/3 + 1 * 1) / 11
    CHECK(assessed.score->low.exact == "2300/33");
    CHECK(assessed.score->low.hundredths == 6970);
}

TEST_CASE("categories without a rule that was asked leave the total", "[readiness]") {
    const auto assessed = Bench()
                              .rule("A", "network", low, {pass})
                              .rule("B", "cloud", low, {fail})
                              .rule("C", "iac", low, {})
                              .count();
    // 12 of 12 + 5
    CHECK(assessed.score->low.exact == "1200/17");
    CHECK(!assessed.categories[5].score);
    CHECK(assessed.categories[1].points->low.exact == "1200/17");
}

TEST_CASE("what is not assessed is lost at the low end and won at the high end", "[readiness]") {
    const auto assessed = Bench().rule("A", "iac", low, {pass, fail, unknown, unknown}).count();
    CHECK(assessed.score->low.hundredths == 2500);
    CHECK(assessed.score->high.hundredths == 7500);
}

TEST_CASE("what only a document declares earns a quarter", "[readiness]") {
    const auto assessed =
        Bench().rule("A", "recovery", low, {pass, pass}, Confidence::declared).count();
    CHECK(assessed.score->low.hundredths == 2500);
    CHECK(assessed.score->high.hundredths == 2500);
}

TEST_CASE("a waived failure earns nothing", "[readiness]") {
    const auto assessed = Bench().rule("A", "iac", low, {pass, Outcome::waived}).count();
    CHECK(assessed.score->low.hundredths == 5000);
    CHECK(assessed.score->high.hundredths == 5000);
}

TEST_CASE("rounding is half up, once", "[readiness]") {
    // 1/8 of 100 is 12.5; 1/800 would be 0.125.
    std::vector<Outcome> outcomes(800, fail);
    outcomes.front() = pass;
    const auto assessed = Bench().rule("A", "iac", low, outcomes).count();
    CHECK(assessed.score->low.exact == "1/8");
    CHECK(assessed.score->low.hundredths == 13);
}

TEST_CASE("nothing asked is no score and not whole", "[readiness]") {
    const auto assessed = Bench().rule("A", "iac", low, {}).count();
    CHECK(!assessed.score);
    CHECK(recommendation(assessed) == Recommendation::incomplete);
}

TEST_CASE("a few checks that pass are no readiness", "[readiness]") {
    Settings settings;
    settings.least_checks = 2;
    auto one = Bench(settings).rule("A", "iac", low, {pass, pass, pass}).rule("B", "iac", low, {});
    auto first = one.count();
    first.coverage.recognised = 1;
    first.coverage.read = 1;
    CHECK(recommendation(first) == Recommendation::incomplete);
    auto second = one.rule("C", "cloud", low, {pass}).count();
    second.coverage = first.coverage;
    CHECK(recommendation(second) == Recommendation::approved);
}

TEST_CASE("weights are those of the settings", "[readiness]") {
    Settings settings;
    settings.weights = {{"network", 3}, {"cloud", 1}};
    const auto assessed =
        Bench(settings).rule("A", "network", low, {pass}).rule("B", "cloud", low, {fail}).count();
    CHECK(assessed.score->low.hundredths == 7500);
}

TEST_CASE("levels begin where the published thresholds say", "[readiness]") {
    CHECK(level(9500) == "EXCEPTIONAL");
    CHECK(level(9499) == "EXCELLENT");
    CHECK(level(9000) == "EXCELLENT");
    CHECK(level(8999) == "ENTERPRISE GRADE");
    CHECK(level(8000) == "ENTERPRISE GRADE");
    CHECK(level(7000) == "PRODUCTION READY");
    CHECK(level(5000) == "ADVANCED");
    CHECK(level(4999) == "NOT READY");
}

}  // namespace
}  // namespace deployctl::readiness
