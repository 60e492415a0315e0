// SPDX-License-Identifier: Apache-2.0
#include "analysis/dispersion.hpp"

#include "analysis/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::analysis {

namespace {

// Few pods cannot tell clearly, and a dispersion that is not seen aborts good versions: so it is
// believed early and taken for large. Held by benchmarks/analysis: at most 3 alpha of good
// versions.
constexpr double seen_from =
    0.85;  // of chi-square: 15 of 100 even sets of pods are taken for uneven
constexpr double cautious = 0.05;       // the factor's upper bound, exceeded in 5 of 100
constexpr double clumps_seen_from = 1;  // standard errors
constexpr double clumps_cautious = 2;

struct Pearson {
    double sum = 0;
    double degrees = 0;
};

Pearson pearson_of(std::span<const Counts> pods) {
    Counts all;
    double count = 0;
    for (const auto& pod : pods) {
        if (is_sound(pod) && pod.requests > 0) {
            all += pod;
            ++count;
        }
    }
    const double rate = rate_of(all);
    if (count < 2 || rate == 0 || rate == 1) {
        return {};
    }
    Pearson pearson{0, count - 1};
    for (const auto& pod : pods) {
        if (is_sound(pod) && pod.requests > 0) {
            const double miss = pod.events - pod.requests * rate;
            pearson.sum += miss * miss / (pod.requests * rate * (1 - rate));
        }
    }
    return pearson;
}

}  // namespace

Dispersion dispersion_of(std::span<const Counts> canary, std::span<const Counts> baseline) {
    const auto one = pearson_of(canary);
    const auto other = pearson_of(baseline);
    const double sum = one.sum + other.sum;
    const double degrees = one.degrees + other.degrees;
    if (degrees == 0) {
        return {};
    }
    Dispersion found{sum / degrees, degrees, 1};
    if (sum > chi_square_quantile(seen_from, degrees)) {
        found.widening = std::max(sum / chi_square_quantile(cautious, degrees), 1.0);
    }
    return found;
}

void take(Clumps& clumps, std::span<const Counts> pods) {
    Counts all;
    bool sound = true;
    for (const auto& pod : pods) {
        sound = sound && is_sound(pod);
        all += pod;
    }
    if (!sound || all.events == 0) {
        return;
    }
    double together = 0;  // the chance that two events share a pod
    double pairs = 0;     // that do
    for (const auto& pod : pods) {
        const double share = pod.requests / all.requests;
        together += share * share;
        pairs += pod.events * (pod.events - 1);
    }
    const double all_pairs = all.events * (all.events - 1);
    clumps.excess += pairs - all_pairs * together;
    clumps.scale += all.events * (1 - together);
    clumps.variance += 2 * all_pairs * together * (1 - together);
}

double widening_of(const Clumps& clumps) {
    const double deviation = std::sqrt(std::max(clumps.variance, 0.0));
    if (clumps.scale <= 0 || clumps.excess <= clumps_seen_from * deviation) {
        return 1;
    }
    const double factor = 1 + clumps.excess / clumps.scale;
    return factor * (1 + clumps_cautious * deviation / clumps.scale);
}

}  // namespace deployctl::analysis
