// SPDX-License-Identifier: Apache-2.0
// Points, exactly: shares are rationals, and what is shown is rounded once, half up. A category is
// the weighted mean of its rules' shares; the total is the weighted mean of the categories that
// have any. What only a document declares earns a quarter.
#include "readiness/categories.hpp"
#include "readiness/evaluation.hpp"
#include "readiness/inputs/environment_names.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

using Rational = boost::multiprecision::cpp_rational;
using Whole = boost::multiprecision::cpp_int;

constexpr int minimum_coverage = 95;

struct Range {
    Rational low = 0;
    Rational high = 0;
};

Score score_of(const Rational& number) {
    const Whole& above = boost::multiprecision::numerator(number);
    const Whole& below = boost::multiprecision::denominator(number);
    const Whole doubled = (above * 200 + below) / (below * 2);
    return {number.str(), static_cast<std::int64_t>(doubled)};
}

Interval interval_of(const Range& range) {
    return {score_of(range.low), score_of(range.high)};
}

Rational earned(const Finding& finding) {
    if (finding.outcome != Outcome::pass) {
        return 0;
    }
    return finding.confidence == Confidence::declared ? Rational(1, 4) : Rational(1);
}

/// Nothing where the rule was asked of no subject.
std::optional<Range> share_of(const RuleResult& result) {
    Rational low = 0;
    std::int64_t unknown = 0;
    std::int64_t all = 0;
    for (const auto& finding : result.findings) {
        low += earned(finding) * finding.count;
        unknown += finding.outcome == Outcome::not_assessed ? finding.count : 0;
        all += finding.count;
    }
    if (all == 0) {
        return std::nullopt;
    }
    return Range{low / all, (low + unknown) / all};
}

int weight_of(const Category& category, const Settings& settings) {
    const auto found = settings.weights.find(std::string(category.id));
    return found == settings.weights.end() ? category.weight : found->second;
}

struct Counted {
    RuleResult* result;
    Range share;
};

class Counting {
public:
    explicit Counting(Assessment& assessment) : assessment_(assessment) {}

    void run() {
        assessment_.categories.clear();
        for (const auto& category : categories) {
            count(category);
        }
        if (weights_ == 0) {
            assessment_.score.reset();
            return;
        }
        Range total;
        for (std::size_t at = 0; at < categories.size(); ++at) {
            spread(at, total);
        }
        assessment_.score = interval_of(total);
    }

private:
    void count(const Category& category) {
        auto& result = assessment_.categories.emplace_back();
        result.id = category.id;
        result.title = category.title;
        result.weight = weight_of(category, assessment_.facts->settings());
        auto& counted = counted_.at(assessment_.categories.size() - 1);
        for (auto& rule : assessment_.results) {
            if (rule.rule->category != category.id) {
                continue;
            }
            result.rules.push_back(&rule);
            rule.points.reset();
            rule.worth.reset();
            if (auto share = share_of(rule)) {
                counted.push_back({&rule, std::move(*share)});
            }
        }
        weights_ += counted.empty() ? 0 : result.weight;
    }

    /// A category's part of the total, over its rules by their weights.
    void spread(std::size_t at, Range& total) {
        const auto& counted = counted_.at(at);
        auto& category = assessment_.categories[at];
        if (counted.empty()) {
            return;
        }
        std::int64_t rules = 0;
        for (const auto& one : counted) {
            rules += readiness::weight_of(one.result->rule->severity);
        }
        const Rational part(100 * category.weight, weights_);
        Range points;
        for (const auto& one : counted) {
            const Rational worth =
                part * Rational(readiness::weight_of(one.result->rule->severity), rules);
            const Range brings{one.share.low * worth, one.share.high * worth};
            one.result->worth = score_of(worth);
            one.result->points = interval_of(brings);
            points.low += brings.low;
            points.high += brings.high;
        }
        category.points = interval_of(points);
        if (category.weight > 0) {
            category.score = interval_of({points.low * 100 / part, points.high * 100 / part});
        }
        total.low += points.low;
        total.high += points.high;
    }

    Assessment& assessment_;
    std::array<std::vector<Counted>, categories.size()> counted_;
    std::int64_t weights_ = 0;
};

}  // namespace

void count_points(Assessment& assessment) {
    Counting(assessment).run();
}

bool is_blocker(const Rule& rule, const Finding& finding, const Settings& settings) {
    if (finding.outcome != Outcome::fail || rule.blocks == Blocks::never) {
        return false;
    }
    const auto& environment =
        finding.subject == nullptr ? std::string() : finding.subject->scope->environment;
    // Where environments are not told apart, what lies there may be production.
    return rule.blocks == Blocks::always || environment.empty() ||
           environment_role(environment) == EnvironmentRole::production ||
           environment_name(environment) == environment_name(settings.environment);
}

std::vector<std::pair<const RuleResult*, const Finding*>> blockers(const Assessment& assessment) {
    std::vector<std::pair<const RuleResult*, const Finding*>> found;
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            if (is_blocker(*result.rule, finding, assessment.facts->settings())) {
                found.emplace_back(&result, &finding);
            }
        }
    }
    return found;
}

bool is_whole(const Coverage& coverage) {
    return coverage.recognised > 0 &&
           static_cast<std::int64_t>(coverage.read) * 100 >=
               static_cast<std::int64_t>(coverage.recognised) * minimum_coverage;
}

bool asks_too_little(const Assessment& assessment) {
    const auto asked = std::count_if(
        assessment.results.begin(),
        assessment.results.end(),
        [](const RuleResult& result) { return !result.findings.empty(); }
    );
    return asked < assessment.facts->settings().least_checks;
}

Recommendation recommendation(const Assessment& assessment) {
    if (!assessment.score || !is_whole(assessment.coverage) || asks_too_little(assessment)) {
        return Recommendation::incomplete;
    }
    const bool reaches =
        assessment.score->low.hundredths >= 100L * assessment.facts->settings().minimum;
    return reaches && blockers(assessment).empty() ? Recommendation::approved
                                                   : Recommendation::not_approved;
}

std::string_view level(std::int64_t hundredths) {
    static constexpr std::array<std::pair<std::int64_t, std::string_view>, 5> levels = {{
        {9500, "EXCEPTIONAL"},
        {9000, "EXCELLENT"},
        {8000, "ENTERPRISE GRADE"},
        {7000, "PRODUCTION READY"},
        {5000, "ADVANCED"},
    }};
    for (const auto& [least, name] : levels) {
        if (hundredths >= least) {
            return name;
        }
    }
    return "NOT READY";
}

}  // namespace deployctl::readiness
