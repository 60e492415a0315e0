// SPDX-License-Identifier: Apache-2.0
// How well each of a few ratios explains where the events fell. With the canary's share w of the
// requests, and events r times as frequent there, an event is the canary's with probability
// q(r) = r w / (r w + 1 - w). The log-likelihood of r against 1, summed over looks, is
//
//     hits log r - sum of (hits + misses) log(1 + (r - 1) w)
//
// so a curve is two counts and one sum (`cost`) for each ratio. It is concave in log r. A value.
//
// A likelihood ratio against a true null has expectation 1 after any look, so has a mean of such
// ratios, and it reaches 1/alpha with probability <= alpha (Ville; Wald 1945; Robbins 1970; Turner,
// Ly, Grünwald 2021). By Hoeffding 1963 that holds too where events are not rare. One-sided: a
// mean over r > r0 is valid against every ratio <= r0.
#pragma once

#include <cstddef>
#include <vector>

namespace deployctl::analysis {

struct RatioCurve {
    std::vector<double> ratios;
    std::vector<double> costs;  ///< one for each ratio
    double hits = 0;            ///< events of the canary
    double misses = 0;          ///< events of the baseline

    friend bool operator==(const RatioCurve&, const RatioCurve&) = default;
};

RatioCurve make_curve(std::vector<double> ratios);
/// `share`: the canary's share of the requests among which the events fell, 0 < share < 1.
void add(RatioCurve& curve, double hits, double misses, double share);

/// How much better than ratio 1 this one explains the events; 0 for 1 itself.
double log_likelihood(const RatioCurve& curve, std::size_t index);
/// log of the evidence of all other ratios, on average, against the first; divided by `widening`,
/// which is 1 for independent events and more where they come in clumps.
double log_evidence_against_first(const RatioCurve& curve, double widening);

/// All true ratios that the events leave; 0 and infinity where the curve ends before it falls.
struct RatioBounds {
    double low = 0;
    double high = 0;
};

/// The ratios r0 that the mixture of the curve's ratios (weights by `log_weights`, which sum to 1)
/// does not outdo by 1/alpha: a confidence sequence (Howard et al. 2021). Rounded outward, so that
/// no ratio between two of the curve is lost.
RatioBounds bounds_of(
    const RatioCurve& curve, const std::vector<double>& log_weights, double alpha, double widening
);

}  // namespace deployctl::analysis
