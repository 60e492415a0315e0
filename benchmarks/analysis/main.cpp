// SPDX-License-Identifier: Apache-2.0
// deployctl-analysis-bench [--quick]: figures for benchmarks/run on stdout, the table that compares
// the methods on stderr. Everything comes from fixed seeds. The quick form has too few trials to
// prove a bound of 1.5 alpha, so its figures have no target.
#include "analysis/power.hpp"
#include "analysis/rate_test.hpp"
#include "methods.hpp"
#include "traffic.hpp"

#include <cctype>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::bench {

namespace {

constexpr double bound_quantile = 2.326;  // one-sided 99 %

struct Trials {
    int healthy = 0;     ///< of the engine's own method
    int comparison = 0;  ///< of the other methods, and of bad versions
    int every_request = 0;
    bool has_targets = false;
};

constexpr Trials full{10000, 300, 20000, true};
constexpr Trials quick{300, 60, 150, false};

struct Target {
    const char* relation = "<=";
    double limit = 0;
};

void figure(const std::string& name, double value, const char* unit, Target target) {
    const bool holds = value <= target.limit;
    std::printf(
        "%s\t%.4g\t%s\t%s %g\t%s\n",
        name.c_str(),
        value,
        unit,
        target.relation,
        target.limit,
        holds ? "ok" : "short"
    );
    std::fflush(stdout);
}

void figure(const std::string& name, double value, const char* unit) {
    std::printf("%s\t%.4g\t%s\t-\tok\n", name.c_str(), value, unit);
    std::fflush(stdout);
}

struct Outcome {
    int trials = 0;
    int aborted = 0;
    int in_burst = 0;
    double requests = 0;  ///< of those aborted

    double share() const { return static_cast<double>(aborted) / trials; }

    double mean_requests() const { return aborted == 0 ? 0 : requests / aborted; }
};

/// Wilson's upper bound of a share.
double upper_bound(const Outcome& outcome) {
    const double n = outcome.trials;
    const double p = outcome.share();
    const double z = bound_quantile;
    const double middle = p + z * z / (2 * n);
    const double reach = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (middle + reach) / (1 + z * z / n);
}

double seen_share(const Outcome& outcome) {
    return outcome.share();
}

Outcome outcome_of(Method method, const Scene& scene, int trials) {
    Outcome outcome{trials};
    for (int trial = 0; trial < trials; ++trial) {
        Random random(1000003ULL * static_cast<unsigned>(trial) + 17);
        if (const auto abort = method(play(scene, random))) {
            const double at = scene.look_seconds * static_cast<double>(abort->look);
            ++outcome.aborted;
            outcome.in_burst += at >= burst_from && at < burst_to ? 1 : 0;
            outcome.requests += abort->canary_requests;
        }
    }
    return outcome;
}

std::string told(const Outcome& outcome, const Scene& scene) {
    char text[64];
    if (scene.ratio == 1) {
        std::snprintf(text, sizeof text, "%.3g %%", 100 * outcome.share());
    } else if (outcome.aborted == outcome.trials) {
        std::snprintf(text, sizeof text, "%.0f", outcome.mean_requests());
    } else {
        std::snprintf(
            text,
            sizeof text,
            "%.0f, misses %.2g %%",
            outcome.mean_requests(),
            100 * (1 - outcome.share())
        );
    }
    return text;
}

/// A row of the table; gives back what the engine's own method did.
Outcome row(const Scene& scene, const Trials& trials) {
    const auto ours =
        outcome_of(sequential, scene, scene.ratio == 1 ? trials.healthy : trials.comparison);
    std::string line = "| " + scene.name;
    for (const auto method : {fixed_threshold, mann_whitney, z_test}) {
        line += " | " + told(outcome_of(method, scene, trials.comparison), scene);
    }
    line += " | **" + told(ours, scene) + "** | ";
    if (scene.ratio == 1) {
        line += "-";
    } else {
        const double bound =
            analysis::wald_requests({1, scene.share, scene.base_rate}, scene.ratio, alpha);
        line += std::to_string(std::lround(bound));
    }
    std::fprintf(stderr, "%s |\n", line.c_str());
    return ours;
}

std::vector<Scene> healthy_scenes() {
    using enum Shape;
    return {
        {"healthy: 0.5 %, share 10 %", 0.005, 1, 0.1, steady},
        {"healthy: 2 %, share 10 %", 0.02, 1, 0.1, steady},
        {"healthy: 0.5 %, share 50 %", 0.005, 1, 0.5, steady},
        {"healthy: 0.05 %, share 10 %", 0.0005, 1, 0.1, steady},
        {"healthy, bursty: 0.5 %, share 10 %", 0.005, 1, 0.1, bursty},
        {"healthy, diurnal: 0.5 %, share 10 %", 0.005, 1, 0.1, diurnal},
        {"healthy, diurnal: 0.5 %, share 50 %", 0.005, 1, 0.5, diurnal},
        {"healthy, 1 request/s: 2 %, share 10 %", 0.02, 1, 0.1, steady, 1, 60},
        {"healthy, 60 s of ten times the errors: 0.5 %, share 10 %", 0.005, 1, 0.1, spike},
    };
}

std::vector<Scene> uneven_scenes() {
    using enum Shape;
    return {
        {"healthy, uneven pods: 0.5 %, share 10 %", 0.005, 1, 0.1, uneven},
        {"healthy, uneven pods: 0.5 %, share 50 %", 0.005, 1, 0.5, uneven},
        {"healthy, errors in clumps: 0.5 %, share 10 %", 0.005, 1, 0.1, clumped},
        {"healthy, errors in clumps: 0.5 %, share 50 %", 0.005, 1, 0.5, clumped},
    };
}

std::vector<Scene> outage_scenes() {
    return {
        {"healthy, 60 s outage of both: 0.5 %, share 10 %", 0.005, 1, 0.1, Shape::outage},
        {"healthy, 60 s outage of both: 0.5 %, share 50 %", 0.005, 1, 0.5, Shape::outage},
    };
}

std::vector<Scene> bad_scenes() {
    using enum Shape;
    return {
        {"2x worse: 0.5 % -> 1 %, share 10 %", 0.005, 2, 0.1, steady},
        {"5x worse: 0.5 % -> 2.5 %, share 10 %", 0.005, 5, 0.1, steady},
        {"10x worse: 0.05 % -> 0.5 %, share 10 %", 0.0005, 10, 0.1, steady},
        {"1.5x worse: 0.5 % -> 0.75 %, share 50 %", 0.005, 1.5, 0.5, steady},
        {"5x worse, bursty: 0.5 % -> 2.5 %, share 10 %", 0.005, 5, 0.1, bursty},
        {"5x worse, uneven pods: 0.5 % -> 2.5 %, share 50 %", 0.005, 5, 0.5, uneven},
        {"10x worse, 1 request/s: 2 % -> 20 %, share 10 %", 0.02, 10, 0.1, steady, 1, 60},
    };
}

/// "healthy, bursty: 0.5 %, share 10 %" as "healthy-bursty/0.5/share-10".
std::string figure_name(const Scene& scene) {
    std::string name = "analysis/";
    for (const char letter : scene.name) {
        const bool is_kept = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.';
        if (is_kept) {
            name += letter;
        } else if (name.back() != '-') {
            name += '-';
        }
    }
    while (name.back() == '-') {
        name.pop_back();
    }
    return name;
}

using Reading = double (*)(const Outcome&);

void false_aborts(const Scene& scene, const Trials& trials, double limit, Reading bound_of) {
    const auto ours = row(scene, trials);
    if (trials.has_targets) {
        figure(figure_name(scene), bound_of(ours), "share", {"<=", limit});
    } else {
        figure(figure_name(scene), ours.share(), "share");
    }
}

/// Events until abort, looked at after each, on average.
double mean_events(double ratio, double share, int trials) {
    const double q = ratio * share / (ratio * share + 1 - share);
    double events = 0;
    for (int trial = 0; trial < trials; ++trial) {
        Random random(7919ULL * static_cast<unsigned>(trial) + 3);
        std::bernoulli_distribution is_canary(q);
        auto curve = analysis::make_curve(analysis::worse_ratios());
        while (log_evidence_against_first(curve, 1) < -std::log(alpha)) {
            const bool hit = is_canary(random);
            add(curve, hit ? 1 : 0, hit ? 0 : 1, share);
        }
        events += curve.hits + curve.misses;
    }
    return events / trials;
}

void speed(double ratio, double share, const Trials& trials) {
    const double bound = analysis::wald_events(ratio, share, alpha);
    const double mean = mean_events(ratio, share, trials.every_request);
    char name[64];
    std::snprintf(name, sizeof name, "analysis/wald-%gx-share-%g", ratio, share * 100);
    const bool is_relative = ratio <= 5;
    const double value = is_relative ? mean / bound : mean - bound;
    const char* unit = is_relative ? "ratio" : "errors";
    if (trials.has_targets) {
        figure(name, value, unit, {"<=", is_relative ? 1.35 : 4});
    } else {
        figure(name, value, unit);
    }
}

void run(const Trials& trials) {
    std::fprintf(
        stderr,
        "| canary and baseline | fixed threshold | Mann-Whitney, repeated | z-test, repeated | "
        "e-process | Wald's bound |\n|---|---|---|---|---|---|\n"
    );
    for (const auto& scene : healthy_scenes()) {
        false_aborts(scene, trials, 1.5 * alpha, upper_bound);
    }
    for (const auto& scene : uneven_scenes()) {
        false_aborts(scene, trials, 3 * alpha, seen_share);
    }
    for (const auto& scene : outage_scenes()) {
        figure(figure_name(scene), row(scene, trials).in_burst, "aborts", {"<=", 0});
    }
    for (const auto& scene : bad_scenes()) {
        row(scene, trials);
    }
    for (const double share : {0.05, 0.5}) {
        for (const double ratio : {2.0, 3.0, 5.0, 10.0, 20.0}) {
            speed(ratio, share, trials);
        }
    }
}

}  // namespace

}  // namespace deployctl::bench

int main(int count, char** words) {
    const bool is_quick = count == 2 && std::string_view(words[1]) == "--quick";
    if (count > 1 && !is_quick) {
        std::fprintf(stderr, "usage: deployctl-analysis-bench [--quick]\n");
        return 2;
    }
    deployctl::bench::run(is_quick ? deployctl::bench::quick : deployctl::bench::full);
    return 0;
}
