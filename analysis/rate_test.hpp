// SPDX-License-Identifier: Apache-2.0
// The default method: does the canary fail more often than the baseline beside it? For independent
// events it aborts a good canary with probability <= alpha over the whole rollout, though it may be
// asked after every look, and it stops close to the fewest requests that any test could need (Wald
// 1945; the process and its validity: ratio_curve.hpp). The state is a plain value of a few KB,
// whatever the length of the rollout, and reads itself back from JSON. One owner, any thread.
//
// Left to the caller: samples before `warm_up`, and looks long enough that both sides usually have
// requests, since a look where one has none compares nothing.
#pragma once

#include "analysis/counts.hpp"
#include "analysis/ratio_curve.hpp"
#include "model/value.hpp"
#include "model/verdict.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::analysis {

struct RateSettings {
    double alpha = 0.01;      ///< of aborting a canary as good as the baseline; already split
    double beta = 0.01;       ///< of promoting early one that is worse than allowed
    double max_ratio = 1.5;   ///< as many times the baseline's rate as a hold lets pass
    double max = 0.02;        ///< or this rate of the canary by itself; 0: not by itself
    double min_samples = 50;  ///< canary requests without which a hold never passes
};

struct RateTest {
    RatioCurve worse;  ///< 1 first, then the alternatives above
    RatioCurve fine;   ///< max_ratio first, then the alternatives below
    RatioCurve range;  ///< all ratios, for the confidence sequence
    Counts canary;
    Counts baseline;
    double widening = 1;    ///< as of the last look
    double most_worse = 0;  ///< the largest log evidence of any look
    double most_fine = 0;
};

enum class Taken { compared, one_sided, unsound };

/// 1 first, then how many times worse a bad version is thought to be.
std::vector<double> worse_ratios();
RateTest make_rate_test(const RateSettings& settings);

/// Adds a look. `widening` is that of the pods so far (dispersion.hpp). An unsound look (more
/// events than requests, NaN) changes nothing; a one-sided one only the version's own rate.
Taken take(RateTest& test, const Look& look, double widening = 1);

bool aborts(const RateTest& test, const RateSettings& settings);
bool promotes_early(const RateTest& test, const RateSettings& settings);
RatioBounds ratio_bounds(const RateTest& test, double alpha);

/// What the end of a hold says: fail if ever aborted; pass if there are enough samples and either
/// the ratio or the rate is surely small enough; otherwise inconclusive. The reason has the
/// numbers.
struct Judgement {
    Answer answer = Answer::inconclusive;
    std::string reason;
    std::string finding;  ///< the reason without the counts, for where they are told beside it
};

Judgement judge_hold(const RateTest& test, const RateSettings& settings);

/// For the journal. What was written by another shape reads as nothing.
Value to_value(const RateTest& test);
std::optional<RateTest> read_rate_test(const Value& written);

}  // namespace deployctl::analysis
