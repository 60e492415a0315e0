// SPDX-License-Identifier: Apache-2.0
// What a hold can see before it is begun: how much worse a version has to be for rate_test.hpp to
// abort it with 90 % probability by the end of the hold, and how many requests no test could do
// without (Wald 1945). Events are taken as Poisson, and evidence is looked at at the end only, so
// that a real hold, which may also abort earlier, sees a little more. Pure; any thread.
#pragma once

#include "analysis/counts.hpp"
#include "model/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::analysis {

inline constexpr double wanted_power = 0.9;

struct Traffic {
    double requests = 0;   ///< of both versions together
    double share = 0;      ///< the canary's part of them, 0 < share < 1
    double base_rate = 0;  ///< events a request of the baseline
};

/// In a second, of what was counted over so long; there were requests. Where no event was, as if
/// one had been: nobody knows less.
Traffic each_second(const Counts& counted, Duration over, double share = 0);

/// The probability that a canary `ratio` times as bad has been aborted after this traffic.
double power(const Traffic& traffic, double ratio, double alpha);

/// The least ratio seen with `wanted_power`; nothing where even failing always is not.
std::optional<double> smallest_ratio(const Traffic& traffic, double alpha);

/// Expected events, of both versions, and requests of the canary, until evidence of 1/alpha: the
/// bound of Wald for the best test there can be, which knows the ratio (Wald 1945, "Sequential
/// Tests of Statistical Hypotheses", Ann. Math. Statist. 16: with -log(alpha) to be gained, as no
/// bad version is to be missed, and each event gaining q log(q/w) + (1-q) log((1-q)/(1-w)) on the
/// average, where w is the share and q = rw / (rw + 1 - w)). Infinite at ratio 1.
double wald_events(double ratio, double share, double alpha);
double wald_requests(const Traffic& traffic, double ratio, double alpha);
/// The same of two versions as they were counted, at the ratio that was seen; nothing where the
/// canary is no worse.
std::optional<double> wald_requests(const Counts& canary, const Counts& baseline, double alpha);

/// The same of a canary that serves alone (frozen_baseline.hpp), against what the baseline had
/// `before`.
std::optional<double> smallest_ratio_alone(const Counts& before, double requests, double alpha);

/// "at 5% for 10m (about 300 requests): sees a 2.1x worse error rate with 90% power"; says so where
/// nothing can be seen.
std::string sight_told(
    const Traffic& in_hold, Duration hold, double alpha, const std::string& what = "rate"
);
/// "a 2.1x worse error rate with 90% power"; "no worse error rate" without a ratio.
std::string seen_told(const std::optional<double>& ratio, const std::string& what);

/// The shortest usual hold (1m, 2m, 5m, ... 24h) that sees `ratio`; nothing where none does.
std::optional<Duration> shortest_hold(const Traffic& each_second, double ratio, double alpha);

struct ProposedStep {
    double share = 0;
    Duration hold{};
};

/// The usual weights (1, 5, 10, 25, 50 %), each with the shortest hold that sees `ratio`, as far as
/// that is within `longest`. `each_second.share` is of no matter.
std::vector<ProposedStep> propose_steps(
    const Traffic& each_second, double ratio, double alpha, Duration longest
);

}  // namespace deployctl::analysis
