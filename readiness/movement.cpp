// SPDX-License-Identifier: Apache-2.0
#include "readiness/movement.hpp"

#include "readiness/evaluation.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace deployctl::readiness {

namespace {

bool has_verdict(const RecordedFinding& finding) {
    return finding.outcome != Outcome::not_assessed;
}

/// A record's rules with findings of their own, scored anew on its weights.
class Rescoring {
public:
    explicit Rescoring(const Recorded& record) {
        Settings settings;
        settings.weights = record.weights;
        assessment_.facts = std::make_shared<Facts>(std::move(settings));
        auto pack = std::make_shared<RulePack>();
        pack->rules.resize(record.rules.size());
        for (std::size_t at = 0; at < record.rules.size(); ++at) {
            pack->rules[at].id = record.rules[at].id;
            pack->rules[at].category = record.rules[at].category;
            pack->rules[at].severity = record.rules[at].severity;
            assessment_.results.emplace_back().rule = &pack->rules[at];
        }
        assessment_.pack = pack;
    }

    void give(std::size_t rule, const RecordedFinding& finding) {
        Finding given;
        given.outcome = finding.outcome;
        given.confidence = finding.confidence;
        given.count = finding.count;
        given.place.file = finding.object;
        assessment_.results[rule].findings.push_back(std::move(given));
    }

    std::int64_t low_end() {
        count_points(assessment_);
        return assessment_.score ? assessment_.score->low.hundredths : 0;
    }

private:
    Assessment assessment_;
};

const RecordedRule* rule_of(const Recorded& record, std::string_view id) {
    const auto found = std::ranges::find(record.rules, id, &RecordedRule::id);
    return found == record.rules.end() ? nullptr : &*found;
}

/// Today's rules, yesterday's findings. A rule that is new has what it finds today.
std::int64_t by_rules_of_now(const Recorded& before, const Recorded& now) {
    Rescoring scoring(now);
    for (std::size_t at = 0; at < now.rules.size(); ++at) {
        const auto* old = rule_of(before, now.rules[at].id);
        for (const auto& finding : (old == nullptr ? now.rules[at] : *old).findings) {
            scoring.give(at, finding);
        }
    }
    return scoring.low_end();
}

/// The same, where what has gained or lost its verdict is as it is today.
std::int64_t by_coverage_of_now(const Recorded& before, const Recorded& now) {
    const auto today = by_key(now);
    Rescoring scoring(now);
    for (std::size_t at = 0; at < now.rules.size(); ++at) {
        const auto& rule = now.rules[at];
        const auto* old = rule_of(before, rule.id);
        std::map<std::string, int> numbers;
        for (const auto& finding : (old == nullptr ? rule : *old).findings) {
            const FindingKey key{rule.id, finding.object, numbers[finding.object]++};
            const auto found = today.find(key);
            const bool has_turned =
                found != today.end() && has_verdict(*found->second) != has_verdict(finding);
            scoring.give(at, has_turned ? *found->second : finding);
        }
    }
    return scoring.low_end();
}

}  // namespace

std::optional<Movement> movement_between(const Recorded& before, const Recorded& now) {
    if (!before.score || !now.score) {
        return std::nullopt;
    }
    Movement movement;
    movement.before = before.score->first;
    movement.now = now.score->first;
    const auto with_rules = by_rules_of_now(before, now);
    const auto with_coverage = by_coverage_of_now(before, now);
    movement.by_rules = with_rules - movement.before;
    movement.by_coverage = with_coverage - with_rules;
    movement.by_repository = movement.now - with_coverage;
    return movement;
}

}  // namespace deployctl::readiness
