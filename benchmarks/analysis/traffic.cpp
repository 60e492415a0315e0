// SPDX-License-Identifier: Apache-2.0
#include "traffic.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace deployctl::bench {

using analysis::Counts;
using analysis::Look;

namespace {

constexpr int pods = 10;
constexpr double pod_spread = 0.3;
constexpr double clump = 3;

bool has_pods(Shape shape) {
    return shape == Shape::uneven || shape == Shape::clumped;
}

/// Multiplies the requests of a look.
double load(Shape shape, double seconds, Random& random) {
    switch (shape) {
        case Shape::bursty: return std::gamma_distribution(1.0, 1.0)(random);
        case Shape::diurnal:
            return 1 + 0.8 * std::sin(2 * std::numbers::pi * seconds / trial_seconds);
        default: return 1;
    }
}

/// The error rate of the baseline at a time; a common cause raises it for both versions.
double rate_at(const Scene& scene, double seconds) {
    const bool in_burst = seconds >= burst_from && seconds < burst_to;
    switch (scene.shape) {
        case Shape::diurnal:
            return scene.base_rate *
                   (1 + 0.8 * std::cos(2 * std::numbers::pi * seconds / trial_seconds));
        case Shape::spike: return in_burst ? 10 * scene.base_rate : scene.base_rate;
        case Shape::outage: return in_burst ? 0.9 : scene.base_rate;
        default: return scene.base_rate;
    }
}

long long requests_of(double expected, Random& random) {
    return expected > 0 ? std::poisson_distribution<long long>(expected)(random) : 0;
}

double events_of(long long requests, double rate, Random& random) {
    return static_cast<double>(
        std::binomial_distribution<long long>(requests, std::min(rate, 1.0))(random)
    );
}

/// Events in clumps of one and more, `clump` on average.
double clumped_events(long long requests, double rate, Random& random) {
    const auto clumps =
        std::poisson_distribution<int>(static_cast<double>(requests) * rate / clump)(random);
    double events = 0;
    for (int i = 0; i < clumps; ++i) {
        events += 1 + std::geometric_distribution<int>(1 / clump)(random);
    }
    return std::min(events, static_cast<double>(requests));
}

Counts pod_counts(Shape shape, double expected, double rate, Random& random) {
    const auto requests = requests_of(expected, random);
    const double events = shape == Shape::clumped ? clumped_events(requests, rate, random)
                                                  : events_of(requests, rate, random);
    return {static_cast<double>(requests), events};
}

/// How much more often than its version each pod fails.
std::vector<double> leanings(const Scene& scene, int count, Random& random) {
    std::vector<double> found;
    const double shape = 1 / (pod_spread * pod_spread);
    for (int i = 0; i < count; ++i) {
        found.push_back(
            scene.shape == Shape::uneven ? std::gamma_distribution(shape, 1 / shape)(random) : 1
        );
    }
    return found;
}

std::vector<Counts> side(
    const Scene& scene,
    double expected,
    double rate,
    const std::vector<double>& leaning,
    Random& random
) {
    std::vector<Counts> counts;
    for (const auto times : leaning) {
        const double part = expected / static_cast<double>(leaning.size());
        counts.push_back(pod_counts(scene.shape, part, rate * times, random));
    }
    return counts;
}

Counts sum(const std::vector<Counts>& pods_counts) {
    Counts all;
    for (const auto& counts : pods_counts) {
        all += counts;
    }
    return all;
}

}  // namespace

Look total(const PodLook& look) {
    return {sum(look.canary), sum(look.baseline)};
}

std::vector<PodLook> play(const Scene& scene, Random& random) {
    const int of_canary =
        has_pods(scene.shape) ? std::max(1, static_cast<int>(std::lround(pods * scene.share))) : 1;
    const int of_baseline = has_pods(scene.shape) ? pods - of_canary : 1;
    const auto canary = leanings(scene, of_canary, random);
    const auto baseline = leanings(scene, of_baseline, random);
    std::vector<PodLook> looks;
    for (double at = 0; at < trial_seconds; at += scene.look_seconds) {
        const double all =
            scene.requests_a_second * scene.look_seconds * load(scene.shape, at, random);
        const double rate = rate_at(scene, at);
        looks.push_back({
            side(scene, all * scene.share, rate * scene.ratio, canary, random),
            side(scene, all * (1 - scene.share), rate, baseline, random),
        });
    }
    return looks;
}

}  // namespace deployctl::bench
