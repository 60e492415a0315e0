// SPDX-License-Identifier: Apache-2.0
#include "analysis/kayenta.hpp"

#include "analysis/rank_sum.hpp"
#include "analysis/wording.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace deployctl::analysis {

namespace {

std::vector<double> finite_of(const std::vector<double>& values) {
    std::vector<double> kept;
    std::ranges::copy_if(values, std::back_inserter(kept), [](double value) {
        return std::isfinite(value);
    });
    return kept;
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of two means of which the baseline's may be 0: nothing became something is infinitely more.
double mean_ratio(const std::vector<double>& baseline, const std::vector<double>& canary) {
    const double before = mean_of(baseline);
    const double now = mean_of(canary);
    return before == now ? 1 : now / before;
}

bool same_values(std::vector<double> one, std::vector<double> other) {
    std::ranges::sort(one);
    std::ranges::sort(other);
    return one == other;
}

std::string shift_told(const RankSum& found, double band) {
    return "shift " + short_number(found.shift) + ", from " + short_number(found.low) + " to " +
           short_number(found.high) + ", tolerated " + short_number(band) +
           (found.is_exact ? " (exact p " : " (p ") + short_number(found.p) + ")";
}

bool counts(Direction wanted, Direction seen) {
    return wanted == Direction::either || wanted == seen;
}

Classification classification_of(
    const RankSum& found, double band, double effect, const KayentaSettings& settings
) {
    if (counts(settings.direction, Direction::increase) && found.low > band &&
        effect >= settings.allowed_increase) {
        return Classification::high;
    }
    if (counts(settings.direction, Direction::decrease) && found.high < -band &&
        effect <= settings.allowed_decrease) {
        return Classification::low;
    }
    return Classification::pass;
}

std::map<std::string, std::map<Classification, int>> counts_by_group(
    const std::vector<MetricResult>& results
) {
    std::map<std::string, std::map<Classification, int>> groups;
    for (const auto& result : results) {
        if (result.importance != Importance::report_only) {
            for (const auto& group : result.groups) {
                ++groups[group][result.classification];
            }
        }
    }
    return groups;
}

/// What a group without a weight of its own gets.
double weight_left(
    const std::map<std::string, std::map<Classification, int>>& groups,
    const std::map<std::string, double>& weights
) {
    double given = 0;
    for (const auto& [group, weight] : weights) {
        given += weight;
    }
    const auto without = std::ranges::count_if(groups, [&](const auto& group) {
        return !weights.contains(group.first);
    });
    return without == 0 ? 0 : (100 - given) / static_cast<double>(without);
}

std::string why_nothing(const std::vector<MetricResult>& results) {
    if (std::ranges::any_of(results, [](const auto& result) {
            return result.importance == Importance::critical &&
                   result.classification != Classification::pass;
        })) {
        return "a critical metric is not Pass";
    }
    const auto without =
        std::ranges::count(results, Classification::no_data, &MetricResult::classification);
    return 2 * static_cast<std::size_t>(without) >= results.size()
               ? "half of the metrics or more have no data"
               : "";
}

}  // namespace

const char* to_text(Classification classification) {
    switch (classification) {
        case Classification::pass: return "Pass";
        case Classification::high: return "High";
        case Classification::low: return "Low";
        case Classification::no_data: return "Nodata";
    }
    return "";
}

Classified classify(
    const std::vector<double>& baseline,
    const std::vector<double>& canary,
    const KayentaSettings& settings
) {
    const auto control = finite_of(baseline);
    const auto experiment = finite_of(canary);
    if (control.size() < least_values || experiment.size() < least_values) {
        return {
            Classification::no_data,
            std::to_string(experiment.size()) + " values of the canary and " +
                std::to_string(control.size()) + " of the baseline, at least " +
                std::to_string(least_values) + " of each are needed",
            1
        };
    }
    if (same_values(control, experiment)) {
        return {Classification::pass, "both series have the same values", 1};
    }
    const auto found = rank_sum(control, experiment, settings.confidence);
    const double pairs = static_cast<double>(control.size() * experiment.size());
    const double effect = settings.effect == EffectSize::mean_ratio
                              ? mean_ratio(control, experiment)
                              : found.u / pairs;
    const double band = settings.tolerance * std::abs(found.shift);
    return {classification_of(found, band, effect, settings), shift_told(found, band), effect};
}

CanaryScore score(
    const std::vector<MetricResult>& results, const std::map<std::string, double>& weights
) {
    const auto groups = counts_by_group(results);
    const double left = weight_left(groups, weights);
    CanaryScore report;
    for (const auto& [group, counted] : groups) {
        const auto of = [&](Classification kind) {
            return counted.contains(kind) ? counted.at(kind) : 0;
        };
        const int passed = of(Classification::pass);
        const int judged = passed + of(Classification::high) + of(Classification::low);
        if (judged > 0) {
            const auto weight = weights.find(group);
            report.groups[group] = 100.0 * passed / judged;
            report.score +=
                report.groups[group] * (weight == weights.end() ? left : weight->second) / 100;
        }
    }
    report.reason = why_nothing(results);
    report.score = report.reason.empty() ? report.score : 0;
    return report;
}

}  // namespace deployctl::analysis
