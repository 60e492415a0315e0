// SPDX-License-Identifier: Apache-2.0
#include "analysis/power.hpp"

#include "analysis/distributions.hpp"
#include "analysis/frozen_baseline.hpp"
#include "analysis/rate_test.hpp"
#include "analysis/ratio_curve.hpp"
#include "analysis/wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace deployctl::analysis {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr double most_listed = 100;  // events of the baseline, up to which each count is looked at
constexpr int quantiles = 41;
constexpr double most_ratio = 1000;
constexpr double most_events = 1e15;
constexpr int halvings = 60;

constexpr std::array<Duration, 13> usual_holds{
    minutes(1),
    minutes(2),
    minutes(5),
    minutes(10),
    minutes(15),
    minutes(20),
    minutes(30),
    hours(1),
    hours(2),
    hours(4),
    hours(8),
    hours(12),
    hours(24)
};

/// How many events the baseline may have, and how many of the canary abort then.
struct Case {
    double chance = 0;
    double aborting = 0;
};

bool would_abort(double hits, double misses, double share, double alpha) {
    auto curve = make_curve(worse_ratios());
    add(curve, hits, misses, share);
    return log_evidence_against_first(curve, 1) >= -std::log(alpha);
}

/// The least number of events of the canary that abort; evidence only grows with them.
double aborting_events(double misses, double share, double alpha) {
    double too_few = 0;
    double enough = 1;
    while (!would_abort(enough, misses, share, alpha)) {
        if (enough > most_events) {
            return std::numeric_limits<double>::infinity();
        }
        too_few = enough;
        enough *= 2;
    }
    while (enough - too_few > 1) {
        const double middle = std::floor((too_few + enough) / 2);
        if (middle == too_few || middle == enough) {
            break;
        }
        (would_abort(middle, misses, share, alpha) ? enough : too_few) = middle;
    }
    return enough;
}

/// Chances of the baseline's events: each count where they are few, equally likely ones else.
std::vector<std::pair<double, double>> baseline_events(double mean) {
    std::vector<std::pair<double, double>> found;
    if (mean > most_listed) {
        for (int i = 0; i < quantiles; ++i) {
            const double z = normal_quantile((i + 0.5) / quantiles);
            found.emplace_back(std::round(mean + z * std::sqrt(mean)), 1.0 / quantiles);
        }
        return found;
    }
    double chance = std::exp(-mean);
    for (double count = 0; count <= mean + 8 * std::sqrt(mean) + 8; ++count) {
        found.emplace_back(count, chance);
        chance *= mean / (count + 1);
    }
    return found;
}

std::vector<Case> cases_of(const Traffic& traffic, double alpha) {
    std::vector<Case> cases;
    const double mean = traffic.requests * (1 - traffic.share) * traffic.base_rate;
    for (const auto& [misses, chance] : baseline_events(mean)) {
        cases.push_back({chance, aborting_events(misses, traffic.share, alpha)});
    }
    return cases;
}

double power_of(const std::vector<Case>& cases, const Traffic& traffic, double ratio) {
    const double rate = std::min(traffic.base_rate * ratio, 1.0);
    const double mean = traffic.requests * traffic.share * rate;
    double sum = 0;
    for (const auto& [chance, aborting] : cases) {
        sum += chance * poisson_tail(mean, aborting);
    }
    return std::min(sum, 1.0);
}

/// The least ratio of which that power is the wanted one; it only grows with the ratio.
template <class Power>
std::optional<double> least_ratio(double base_rate, const Power& power_at) {
    double unseen = 1;
    double seen = std::min(most_ratio, 1 / base_rate);
    if (power_at(seen) < wanted_power) {
        return std::nullopt;
    }
    for (int i = 0; i < halvings; ++i) {
        const double middle = (unseen + seen) / 2;
        (power_at(middle) < wanted_power ? unseen : seen) = middle;
    }
    return seen;
}

/// Of so many requests; nothing where not even all of them do.
std::optional<double> aborting_alone(const FrozenTest& test, double requests) {
    const auto aborts_with = [&](double events) {
        auto one = test;
        take(one, {requests, events});
        return aborts(one);
    };
    if (!aborts_with(requests)) {
        return std::nullopt;
    }
    double too_few = 0;
    double enough = requests;
    while (enough - too_few > 1) {
        const double middle = std::floor((too_few + enough) / 2);
        if (middle == too_few || middle == enough) {
            break;
        }
        (aborts_with(middle) ? enough : too_few) = middle;
    }
    return enough;
}

bool makes_sense(const Traffic& traffic) {
    return traffic.requests > 0 && std::isfinite(traffic.requests) && traffic.share > 0 &&
           traffic.share < 1 && traffic.base_rate > 0 && traffic.base_rate <= 1;
}

Traffic in(Duration hold, const Traffic& each_second) {
    Traffic all = each_second;
    all.requests *= in_seconds(hold);
    return all;
}

}  // namespace

Traffic each_second(const Counts& counted, Duration over, double share) {
    const double base_rate = std::min(1.0, std::max(counted.events, 1.0) / counted.requests);
    return {counted.requests / in_seconds(over), share, base_rate};
}

double power(const Traffic& traffic, double ratio, double alpha) {
    return makes_sense(traffic) ? power_of(cases_of(traffic, alpha), traffic, ratio) : 0;
}

std::optional<double> smallest_ratio(const Traffic& traffic, double alpha) {
    if (!makes_sense(traffic)) {
        return std::nullopt;
    }
    const auto cases = cases_of(traffic, alpha);
    return least_ratio(traffic.base_rate, [&](double ratio) {
        return power_of(cases, traffic, ratio);
    });
}

std::optional<double> smallest_ratio_alone(const Counts& before, double requests, double alpha) {
    const auto test = make_frozen_test(before, alpha);
    if (!test || !(requests > 0) || !std::isfinite(requests)) {
        return std::nullopt;
    }
    const auto aborting = aborting_alone(*test, requests);
    if (!aborting) {
        return std::nullopt;
    }
    const double base_rate = std::max(before.events, 1.0) / before.requests;
    return least_ratio(base_rate, [&](double ratio) {
        return poisson_tail(requests * std::min(base_rate * ratio, 1.0), *aborting);
    });
}

double wald_events(double ratio, double share, double alpha) {
    const double q = ratio * share / (ratio * share + 1 - share);
    const double gain = q * std::log(q / share) + (1 - q) * std::log((1 - q) / (1 - share));
    return gain > 0 ? -std::log(alpha) / gain : std::numeric_limits<double>::infinity();
}

double wald_requests(const Traffic& traffic, double ratio, double alpha) {
    const double a_request = traffic.base_rate * (ratio * traffic.share + 1 - traffic.share);
    return wald_events(ratio, traffic.share, alpha) / a_request * traffic.share;
}

std::optional<double> wald_requests(const Counts& canary, const Counts& baseline, double alpha) {
    const double rate = rate_of(canary);
    const double base_rate = rate_of(baseline);
    if (!(rate > base_rate) || !(baseline.requests > 0)) {
        return std::nullopt;
    }
    const double share = canary.requests / (canary.requests + baseline.requests);
    if (base_rate == 0) {  // the limit of ever larger ratios: each event is the canary's
        return std::log(alpha) / std::log(share) / rate;
    }
    return wald_requests({1, share, base_rate}, rate / base_rate, alpha);
}

std::string sight_told(
    const Traffic& in_hold, Duration hold, double alpha, const std::string& what
) {
    auto at = "at " + percent(in_hold.share) + " for " + to_text(hold);
    if (!makes_sense(in_hold)) {
        return at + ": nothing is known of the traffic";
    }
    at += " (about " + short_number(std::round(in_hold.requests * in_hold.share)) + " requests): ";
    const auto ratio = smallest_ratio(in_hold, alpha);
    return at + "sees " + seen_told(ratio, what) + (ratio ? "" : ", there are too few");
}

std::string seen_told(const std::optional<double>& ratio, const std::string& what) {
    if (!ratio) {
        return "no worse " + what;
    }
    char times[32];
    std::snprintf(
        times, sizeof times, *ratio < 100 ? "%.1fx" : "%.0fx", std::ceil(*ratio * 10) / 10
    );
    return std::string("a ") + times + " worse " + what + " with " + percent(wanted_power) +
           " power";
}

std::optional<Duration> shortest_hold(const Traffic& each_second, double ratio, double alpha) {
    const auto found = std::ranges::find_if(usual_holds, [&](Duration hold) {
        return power(in(hold, each_second), ratio, alpha) >= wanted_power;
    });
    return found == usual_holds.end() ? std::nullopt : std::optional(*found);
}

std::vector<ProposedStep> propose_steps(
    const Traffic& each_second, double ratio, double alpha, Duration longest
) {
    std::vector<ProposedStep> steps;
    for (const double share : {0.01, 0.05, 0.10, 0.25, 0.50}) {
        Traffic traffic = each_second;
        traffic.share = share;
        const auto hold = shortest_hold(traffic, ratio, alpha);
        if (hold && *hold <= longest) {
            steps.push_back({share, *hold});
        }
    }
    return steps;
}

}  // namespace deployctl::analysis
