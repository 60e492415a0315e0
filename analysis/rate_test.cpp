// SPDX-License-Identifier: Apache-2.0
#include "analysis/rate_test.hpp"

#include "analysis/proportion.hpp"
#include "analysis/wording.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace deployctl::analysis {

namespace {

constexpr double least_fine_ratio = 0.25;
constexpr double nearest_fine_share = 0.9;  // of max_ratio: "just below"
constexpr int fine_steps = 7;
constexpr double least_ratio = 1.0 / 32;
constexpr double most_ratio = 64;
constexpr int range_steps = 95;
constexpr double usual_log_ratio = 0.5;

std::vector<double> geometric(double from, double to, int steps) {
    std::vector<double> ratios;
    for (int i = 0; i <= steps; ++i) {
        ratios.push_back(from * std::pow(to / from, static_cast<double>(i) / steps));
    }
    return ratios;
}

std::vector<double> fine_ratios(double max_ratio) {
    std::vector<double> ratios{max_ratio};
    const auto below = geometric(
        std::min(least_fine_ratio, max_ratio / 2), nearest_fine_share * max_ratio, fine_steps
    );
    ratios.insert(ratios.end(), below.begin(), below.end());
    return ratios;
}

/// Most versions fail about as often as the one before: weights fall off as Cauchy's density.
std::vector<double> range_weights(const std::vector<double>& ratios) {
    std::vector<double> weights;
    double sum = 0;
    for (const auto ratio : ratios) {
        const double distance = std::log(ratio) / usual_log_ratio;
        weights.push_back(1 / (1 + distance * distance));
        sum += weights.back();
    }
    for (auto& weight : weights) {
        weight = std::log(weight / sum);
    }
    return weights;
}

void compare(RateTest& test, const Look& look) {
    const double share = look.canary.requests / (look.canary.requests + look.baseline.requests);
    for (auto* curve : {&test.worse, &test.fine, &test.range}) {
        add(*curve, look.canary.events, look.baseline.events, share);
    }
    test.most_worse =
        std::max(test.most_worse, log_evidence_against_first(test.worse, test.widening));
    test.most_fine = std::max(test.most_fine, log_evidence_against_first(test.fine, test.widening));
}

std::string both_told(const RateTest& test) {
    return "canary " + told(test.canary) + ", baseline " + told(test.baseline);
}

std::string bounds_told(const RatioBounds& ratio, const RateBounds& rate) {
    return "at most " + short_number(ratio.high) + " times the baseline's rate, itself at most " +
           percent(rate.high);
}

}  // namespace

// Each about 1.6 times the one before, so that no ratio from 1.2 to 20 is far from one of them:
// few, because each takes its part of the evidence.
std::vector<double> worse_ratios() {
    return {1, 1.3, 1.7, 2.4, 4, 7, 12};
}

RateTest make_rate_test(const RateSettings& settings) {
    RateTest test;
    test.worse = make_curve(worse_ratios());
    test.fine = make_curve(fine_ratios(settings.max_ratio));
    test.range = make_curve(geometric(least_ratio, most_ratio, range_steps));
    return test;
}

Taken take(RateTest& test, const Look& look, double widening) {
    if (!is_sound(look.canary) || !is_sound(look.baseline) || !(widening >= 1)) {
        return Taken::unsound;
    }
    test.widening = widening;
    test.canary += look.canary;
    test.baseline += look.baseline;
    if (look.canary.requests == 0 || look.baseline.requests == 0) {
        return Taken::one_sided;
    }
    compare(test, look);
    return Taken::compared;
}

bool aborts(const RateTest& test, const RateSettings& settings) {
    return test.most_worse >= -std::log(settings.alpha);
}

bool promotes_early(const RateTest& test, const RateSettings& settings) {
    return !aborts(test, settings) && test.canary.requests >= settings.min_samples &&
           test.most_fine >= -std::log(settings.beta);
}

RatioBounds ratio_bounds(const RateTest& test, double alpha) {
    return bounds_of(test.range, range_weights(test.range.ratios), alpha, test.widening);
}

Judgement judge_hold(const RateTest& test, const RateSettings& settings) {
    const auto judged = [&](Answer answer, const std::string& finding) {
        return Judgement{answer, both_told(test) + ": " + finding, finding};
    };
    if (aborts(test, settings)) {
        return judged(
            Answer::fail,
            "worse, evidence " + odds(test.most_worse) + ", limit " +
                odds(-std::log(settings.alpha))
        );
    }
    if (test.canary.requests < settings.min_samples) {
        return judged(
            Answer::inconclusive, "fewer than " + short_number(settings.min_samples) + " requests"
        );
    }
    const auto ratio = ratio_bounds(test, settings.alpha);
    const auto rate = bounds_of(test.canary, settings.alpha, test.widening);
    const bool good = ratio.high <= settings.max_ratio || rate.high <= settings.max;
    return judged(
        good ? Answer::pass : Answer::inconclusive,
        bounds_told(ratio, rate) + ", limits " + short_number(settings.max_ratio) + " and " +
            percent(settings.max)
    );
}

}  // namespace deployctl::analysis
