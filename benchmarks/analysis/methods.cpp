// SPDX-License-Identifier: Apache-2.0
#include "methods.hpp"

#include "analysis/dispersion.hpp"
#include "analysis/distributions.hpp"
#include "analysis/rank_sum.hpp"
#include "analysis/rate_test.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::bench {

using analysis::Counts;
using analysis::Look;

namespace {

constexpr std::size_t looks_in_minute = 6;
constexpr std::size_t least_minutes = 5;
constexpr int most_bad_looks = 5;
constexpr double least_success = 0.99;

void add(std::vector<Counts>& totals, const std::vector<Counts>& more) {
    totals.resize(more.size());
    for (std::size_t i = 0; i < more.size(); ++i) {
        totals[i] += more[i];
    }
}

/// Goes through the looks until `is_bad` says so of the totals or of the look.
template <class IsBad>
std::optional<Abort> first_bad(const std::vector<PodLook>& looks, IsBad is_bad) {
    double requests = 0;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        const auto look = total(looks[i]);
        requests += look.canary.requests;
        if (is_bad(look, i)) {
            return Abort{i, requests};
        }
    }
    return std::nullopt;
}

bool is_significant(const Counts& canary, const Counts& baseline) {
    const double all = canary.requests + baseline.requests;
    const double rate = (canary.events + baseline.events) / all;
    const double error =
        std::sqrt(rate * (1 - rate) * (1 / canary.requests + 1 / baseline.requests));
    const double apart = rate_of(canary) - rate_of(baseline);
    return error > 0 && apart / error > analysis::normal_quantile(1 - alpha);
}

}  // namespace

std::optional<Abort> sequential(const std::vector<PodLook>& looks) {
    const analysis::RateSettings settings;
    auto test = analysis::make_rate_test(settings);
    std::vector<Counts> canary;
    std::vector<Counts> baseline;
    analysis::Clumps clumps;
    return first_bad(looks, [&](const Look& look, std::size_t i) {
        take(clumps, looks[i].canary);
        take(clumps, looks[i].baseline);
        add(canary, looks[i].canary);
        add(baseline, looks[i].baseline);
        const double apart = analysis::dispersion_of(canary, baseline).widening;
        take(test, look, std::max(apart, widening_of(clumps)));
        return aborts(test, settings);
    });
}

std::optional<Abort> fixed_threshold(const std::vector<PodLook>& looks) {
    int bad = 0;
    return first_bad(looks, [&](const Look& look, std::size_t) {
        bad += look.canary.requests > 0 && 1 - rate_of(look.canary) < least_success ? 1 : 0;
        return bad >= most_bad_looks;
    });
}

std::optional<Abort> mann_whitney(const std::vector<PodLook>& looks) {
    std::vector<double> canary;
    std::vector<double> baseline;
    Look minute;
    return first_bad(looks, [&](const Look& look, std::size_t i) {
        minute.canary += look.canary;
        minute.baseline += look.baseline;
        if ((i + 1) % looks_in_minute != 0) {
            return false;
        }
        canary.push_back(rate_of(minute.canary));
        baseline.push_back(rate_of(minute.baseline));
        minute = {};
        if (canary.size() < least_minutes) {
            return false;
        }
        const auto found = analysis::rank_sum(baseline, canary, 1 - 2 * alpha);
        const auto pairs = static_cast<double>(canary.size() * baseline.size());
        return found.p <= 2 * alpha && found.u > pairs / 2;
    });
}

std::optional<Abort> z_test(const std::vector<PodLook>& looks) {
    Look all;
    return first_bad(looks, [&](const Look& look, std::size_t) {
        all.canary += look.canary;
        all.baseline += look.baseline;
        return is_significant(all.canary, all.baseline);
    });
}

}  // namespace deployctl::bench
