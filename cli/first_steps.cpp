// SPDX-License-Identifier: Apache-2.0
#include "cli/first_steps.hpp"

#include "analysis/power.hpp"
#include "analysis/wording.hpp"
#include "gates/budget_gate.hpp"
#include "model/error.hpp"
#include "model/placeholders.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace deployctl::cli {

namespace {

constexpr Duration longest_hold = std::chrono::hours(1);
constexpr double smallest_share = 0.05;  // of few pods, less is no share of its own
constexpr std::size_t enough_steps = 2;
constexpr double worst_ratio = 10;

std::vector<CanaryStep> steps_that_see(const analysis::Traffic& each_second, double ratio) {
    const double alpha = AnalysisQuestion{}.alpha / 2;  // of the test side by side
    std::vector<CanaryStep> steps;
    for (const auto& step : analysis::propose_steps(each_second, ratio, alpha, longest_hold)) {
        if (step.share >= smallest_share) {
            const auto hold = step.hold + AnalysisQuestion{}.warm_up;  // of which nothing counts
            steps.push_back({static_cast<int>(std::lround(step.share * 100)), hold});
        }
    }
    return steps;
}

/// Where series have a label of it, pods of the same name elsewhere are told apart.
std::string counted_by_namespace(const std::string& selector) {
    const auto sum = gates::increase_over(selector, counted_minutes);
    return "sum by (namespace) " + sum.substr(sum.find('('));
}

MetricAnswer of_namespace(MetricAnswer answer, const std::string& kube_namespace) {
    std::erase_if(answer.series, [&](const MetricSeries& series) {
        const auto label = series.labels.find("namespace");
        return !kube_namespace.empty() && label != series.labels.end() &&
               label->second != kube_namespace;
    });
    return answer;
}

void refuse_unaskable(const std::string& option, const MetricAnswer& answer) {
    if (answer.kind == MetricAnswer::Kind::refused) {
        throw Error(
            ExitCode::usage,
            "the metrics source refuses the selector of " + option + ": " + answer.failure,
            "a selector is a name with labels, as http_requests_total{pod=~\"${pods}\"}"
        );
    }
}

std::string failures_told(const analysis::Counts& counted, double base_rate) {
    return counted.events > 0 ? analysis::percent(base_rate) + " fail"
                              : "none failed (taken as 1 of " +
                                    analysis::short_number(std::round(counted.requests)) + ")";
}

}  // namespace

void propose_steps(config::InitialTraffic& traffic, const analysis::Counts& counted) {
    if (!(counted.requests > 0)) {
        traffic.told = "There were no requests in the last " + to_text(counted_minutes) +
                       ": what a hold can see is not known.";
        return;
    }
    const auto each_second = analysis::each_second(counted, counted_minutes);
    traffic.told = "At " + analysis::short_number(each_second.requests) +
                   " requests a second, of which " + failures_told(counted, each_second.base_rate) +
                   ", ";
    for (const double ratio : {2.0, 3.0, 5.0, worst_ratio}) {
        auto steps = steps_that_see(each_second, ratio);
        if (steps.size() >= enough_steps || (ratio == worst_ratio && !steps.empty())) {
            traffic.steps = std::move(steps);
            traffic.told += "each hold sees a " + analysis::short_number(ratio) +
                            "x worse error rate with " + analysis::percent(analysis::wanted_power) +
                            " power.";
            return;
        }
    }
    traffic.told += "no hold of up to " + to_text(longest_hold) + " sees a " +
                    analysis::short_number(worst_ratio) + "x worse error rate.";
}

Task<config::InitialTraffic> look_at_traffic(
    Metrics* metrics, config::InitialTraffic asked, InitialPods pods
) {
    const Placeholders names{
        {"app", pods.workload},
        {"namespace", pods.kube_namespace},
        {"pods", pods.workload + "-[a-z0-9]+-[a-z0-9]+"},
        {"track", "stable"},
    };
    MetricsSource source;
    source.url = asked.prometheus;
    const auto errors_query = counted_by_namespace(fill_in(asked.errors, names));
    auto errors = co_await metrics->instant(source, errors_query);
    refuse_unaskable("--errors", errors);
    const auto total_query = counted_by_namespace(fill_in(asked.total, names));
    auto total = co_await metrics->instant(source, total_query);
    refuse_unaskable("--total", total);
    const auto counted = gates::counts_of(
        of_namespace(std::move(errors), pods.kube_namespace),
        of_namespace(std::move(total), pods.kube_namespace)
    );
    if (const auto* why = std::get_if<std::string>(&counted)) {
        asked.told = "What a hold can see at the present traffic is not known: " + *why;
    } else {
        propose_steps(asked, std::get<analysis::Counts>(counted));
    }
    co_return asked;
}

}  // namespace deployctl::cli
