// SPDX-License-Identifier: Apache-2.0
// For tests of reports: an assessment whose rules and findings are given by hand.
#pragma once

#include "readiness/evaluation.hpp"
#include "readiness/reports/summary.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::readiness {

struct GivenFinding {
    Outcome outcome = Outcome::fail;
    std::string object = "prod -> Deployment/shop/web";
    std::string file = "k8s/web.yaml";
    documents::Spot spot = {14, 5};
    std::string observed;
    int count = 1;
    Confidence confidence = Confidence::certain;
};

/// A bench has but a few, and says something all the same.
inline Settings of_few_checks(Settings settings) {
    settings.least_checks = 1;
    return settings;
}

class ReportBench {
public:
    explicit ReportBench(Settings settings = {})
        : facts_(std::make_shared<Facts>(of_few_checks(std::move(settings)))),
          pack_(std::make_shared<RulePack>()) {
        pack_->digest = "0123456789abcdef0123456789abcdef";
        pack_->rules.reserve(100);
        coverage = {12, 10, 10, 3, 400, {{"kubernetes", 8}, {"dockerfile", 2}}, {}, {}};
    }

    /// What follows belongs to it.
    ReportBench& rule(
        const std::string& id,
        const std::string& category,
        FindingSeverity severity = FindingSeverity::high,
        Blocks blocks = Blocks::never
    ) {
        auto& rule = pack_->rules.emplace_back();
        rule.id = id;
        rule.category = category;
        rule.severity = severity;
        rule.blocks = blocks;
        rule.text = {
            "title of " + id, "${name} has ${observed}", "why of " + id, "mend of " + id, {}
        };
        results_.emplace_back().rule = &rule;
        return *this;
    }

    Rule& last_rule() { return pack_->rules.back(); }

    ReportBench& finding(const GivenFinding& given) {
        const auto& file = facts_->add(AssessedFile{given.file, "kubernetes", {}, {}, "", 0});
        Subject subject;
        subject.kind = "workload";
        subject.name = given.object.substr(given.object.rfind('/') + 1);
        subject.path = given.object;
        subject.node = &node_;
        subject.file = &file;
        subject.scope = &facts_->repository();
        Finding finding;
        finding.subject = &facts_->add(subject);
        finding.outcome = given.outcome;
        finding.confidence = given.confidence;
        finding.place = {file.path, given.spot};
        finding.observed = given.observed;
        finding.count = given.count;
        results_.back().findings.push_back(std::move(finding));
        return *this;
    }

    ReportBench& pass(const std::string& object = "prod -> Deployment/shop/web") {
        GivenFinding given;
        given.outcome = Outcome::pass;
        given.object = object;
        return finding(given);
    }

    ReportBench& fail(const std::string& object = "prod -> Deployment/shop/web") {
        GivenFinding given;
        given.object = object;
        return finding(given);
    }

    ReportBench& unknown(const std::string& object = "prod -> Deployment/shop/web") {
        GivenFinding given;
        given.outcome = Outcome::not_assessed;
        given.object = object;
        return finding(given);
    }

    Assessment assess() const {
        Assessment assessment;
        assessment.facts = facts_;
        assessment.pack = pack_;
        assessment.results = results_;
        assessment.coverage = coverage;
        count_points(assessment);
        return assessment;
    }

    Coverage coverage;

private:
    documents::Node node_;
    std::shared_ptr<Facts> facts_;
    std::shared_ptr<RulePack> pack_;
    std::vector<RuleResult> results_;
};

/// A bit of everything: a blocker, failures, passes, what is not assessed, what is not there.
inline Assessment mixed_assessment() {
    ReportBench bench;
    bench.coverage.unread = {{"broken.yaml", "a tab in the indent", {3, 1}}};
    bench.rule("K8S-1", "containers", FindingSeverity::critical, Blocks::always)
        .fail()
        .pass("prod -> Deployment/shop/api");
    bench.rule("NET-1", "network", FindingSeverity::medium)
        .pass()
        .pass("prod -> Deployment/shop/api")
        .unknown("prod -> Deployment/shop/job");
    bench.rule("NET-2", "network", FindingSeverity::low).fail("prod -> Deployment/shop/api");
    bench.rule("DR-1", "recovery", FindingSeverity::low).pass();
    bench.rule("TF-1", "iac");
    return bench.assess();
}

inline ReportHead report_head() {
    return {"checkout", "production", "0.1.0", WallTime(std::chrono::hours(24 * 20'000))};
}

}  // namespace deployctl::readiness
