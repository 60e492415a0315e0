// SPDX-License-Identifier: Apache-2.0
#include "analysis/proportion.hpp"

#include "analysis/distributions.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace deployctl::analysis {

namespace {

constexpr int halvings = 200;

struct Prior {
    double hits = 0;
    double misses = 0;
};

constexpr Prior jeffreys{0.5, 0.5};
constexpr Prior rare{0.5, 50};

/// log of count * log(share), where nothing times minus infinity is nothing.
double part(double count, double share) {
    return count == 0 ? 0 : count * std::log(share);
}

double log_mixture(double hits, double misses) {
    const auto of = [&](const Prior& prior) {
        return log_beta(prior.hits + hits, prior.misses + misses) -
               log_beta(prior.hits, prior.misses);
    };
    return log_mean(std::array{of(jeffreys), of(rare)});
}

/// Halves between a rate that the counts exclude and one that they do not; stops on the excluded
/// side, so that the interval is never too narrow.
template <class Excludes>
double border(double excluded, double possible, const Excludes& excludes) {
    for (int i = 0; i < halvings && excluded != possible; ++i) {
        const double middle = excluded + (possible - excluded) / 2;
        if (middle == excluded || middle == possible) {
            break;
        }
        (excludes(middle) ? excluded : possible) = middle;
    }
    return excluded;
}

}  // namespace

RateBounds bounds_of(const Counts& counts, double alpha, double widening) {
    const double hits = counts.events / widening;
    const double misses = (counts.requests - counts.events) / widening;
    if (hits + misses <= 0) {
        return {};
    }
    const double ceiling = log_mixture(hits, misses) + std::log(alpha);
    const auto excludes = [&](double rate) {
        const double log_chance = part(hits, rate) + (misses == 0 ? 0 : misses * std::log1p(-rate));
        return log_chance <= ceiling;
    };
    const double seen = hits / (hits + misses);
    return {hits == 0 ? 0 : border(0, seen, excludes), misses == 0 ? 1 : border(1, seen, excludes)};
}

}  // namespace deployctl::analysis
