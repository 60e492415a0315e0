// SPDX-License-Identifier: Apache-2.0
#include "gates/hold_sight.hpp"

#include "analysis/power.hpp"
#include "analysis/proportion.hpp"
#include "analysis/wording.hpp"
#include "gates/analysis_tests.hpp"
#include "gates/budget_gate.hpp"
#include "gates/just_before.hpp"
#include "gates/latency.hpp"
#include "gates/metric_gate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

namespace deployctl::gates {

namespace {

constexpr Duration looked_back = minutes(5);
/// A hold that sees only what is so much worse, or nothing, is as good as none.
constexpr double hardly_anything = 10;
/// Of more than so many no version has surely more.
constexpr double too_many = 0.5;
constexpr Duration longest_hold = std::chrono::hours(24);

/// What one test counts, as of the last minutes.
struct Present {
    std::string what;  ///< "error rate"
    analysis::Counts counts;
    double max = 0;   ///< the rate that passes by itself
    const char* key;  ///< that says so
};

using PresentOrWhy = std::variant<std::vector<Present>, std::string>;

/// Buckets of all pods together.
std::variant<analysis::Histogram, std::string> histogram_of(const MetricAnswer& answer) {
    if (answer.kind != MetricAnswer::Kind::series) {
        return answer.failure;
    }
    if (answer.series.empty()) {
        return std::string("no series: nothing is measured there");
    }
    std::vector<analysis::LabelledCount> counts;
    for (const auto& series : answer.series) {
        const auto le = series.labels.find("le");
        if (le != series.labels.end() && !series.points.empty()) {
            counts.push_back({le->second, series.points.back().value});
        }
    }
    const auto read = analysis::read_histogram(counts);
    if (const auto* trouble = std::get_if<analysis::HistogramTrouble>(&read)) {
        return trouble->text;
    }
    return std::get<analysis::Histogram>(read);
}

PresentOrWhy slow_now(const AnalysisQuestion& question, const analysis::Histogram& all) {
    const std::string everybody = "all";
    const PodHistograms readings{{everybody, all}};
    const auto edges = choose_edges(question, readings, {everybody});
    if (const auto* trouble = std::get_if<Trouble>(&edges)) {
        return trouble->text;
    }
    std::vector<Present> present;
    for (const double edge : std::get<std::vector<double>>(edges)) {
        const auto what = "share of requests above " + edge_told(edge);
        const auto counts = analysis::above(all, edge).value_or(analysis::Counts{});
        present.push_back({what, counts, question.max_slow, "max_slow"});
    }
    if (present.empty()) {
        return std::string("no requests now");
    }
    return present;
}

std::string about(const SightSource& source, const std::string& selector) {
    return query_about(selector, source.names, source.pods, Track::stable);
}

Task<PresentOrWhy> errors_now(SightSource source, AnalysisQuestion question) {
    const CounterPair counters{about(source, question.errors), about(source, question.total)};
    auto* const metrics = &source.metrics;
    const auto counts = co_await counts_over(metrics, source.source, counters, looked_back);
    if (const auto* why = std::get_if<std::string>(&counts)) {
        co_return *why;
    }
    const auto errors = std::get<analysis::Counts>(counts);
    std::vector<Present> present{{"error rate", errors, question.max, "max"}};
    co_return present;
}

Task<PresentOrWhy> latency_now(SightSource source, AnalysisQuestion question) {
    const auto query = increase_by_edge(about(source, question.buckets), looked_back);
    const auto answer = co_await source.metrics.instant(source.source, query);
    const auto histogram = histogram_of(answer);
    if (const auto* why = std::get_if<std::string>(&histogram)) {
        co_return "of its buckets: " + *why;
    }
    auto present = slow_now(question, std::get<analysis::Histogram>(histogram));
    co_return present;
}

struct Ahead {
    const PlannedHold& planned;
    analysis::Traffic each_second;
    double alpha = 0;
    Duration warm_up{};  ///< of which nothing is counted
};

analysis::Traffic over(analysis::Traffic each_second, Duration hold) {
    each_second.requests *= in_seconds(std::max(hold, Duration{}));
    return each_second;
}

/// The first of these that some hold within the limit sees.
std::string longer_hold(const Ahead& ahead) {
    for (const double ratio : {2.0, 5.0, 10.0}) {
        const auto hold = analysis::shortest_hold(ahead.each_second, ratio, ahead.alpha);
        if (hold && (*hold <= std::chrono::hours(1) || ratio == 10.0)) {
            return "a hold of " + to_text(*hold + ahead.warm_up) + " sees a " +
                   analysis::short_number(ratio) + "x worse one";
        }
    }
    return "";
}

std::string larger_share(const Ahead& ahead) {
    for (const double share : {0.1, 0.25, 0.5}) {
        auto traffic = over(ahead.each_second, ahead.planned.hold - ahead.warm_up);
        traffic.share = share;
        const auto ratio = analysis::smallest_ratio(traffic, ahead.alpha);
        const bool is_larger = share > ahead.each_second.share;
        if (is_larger && ratio && *ratio < hardly_anything) {
            return "a weight of " + analysis::percent(share) + " sees a " +
                   analysis::short_number(std::ceil(*ratio * 10) / 10) + "x worse one in " +
                   to_text(ahead.planned.hold);
        }
    }
    return "";
}

std::string what_would_help(const Ahead& ahead) {
    const double rate = ahead.each_second.base_rate;
    if (rate > too_many) {
        return "it is " + analysis::percent(rate) +
               " already, and hardly more can be; of latencies, higher `edges` tell more";
    }
    const auto hold = longer_hold(ahead);
    const auto share = larger_share(ahead);
    if (hold.empty() && share.empty()) {
        return "no hold of up to a day does, with so little traffic: ask another gate besides";
    }
    return hold + (hold.empty() || share.empty() ? "" : ", or ") + share;
}

/// What stable will have had before nothing of it serves any more, at the traffic of now.
analysis::Counts before_alone(const Present& now) {
    const double longer = in_seconds(looked_back_on) / in_seconds(looked_back);
    return {now.counts.requests * longer, now.counts.events * longer};
}

double requests_in(const Present& now, Duration hold) {
    return now.counts.requests / in_seconds(looked_back) * in_seconds(std::max(hold, Duration{}));
}

std::string what_would_help_alone(const Present& now, double alpha) {
    using std::chrono::hours;
    for (const auto hold : {Duration(minutes(10)), Duration(hours(1)), Duration(longest_hold)}) {
        const auto ratio =
            analysis::smallest_ratio_alone(before_alone(now), requests_in(now, hold), alpha);
        if (ratio.value_or(hardly_anything) < hardly_anything) {
            return "a hold of " + to_text(hold) + " sees " + analysis::seen_told(ratio, "one");
        }
    }
    return "no hold of up to a day does: ask another gate besides, or let both versions serve "
           "beside each other, as `canary` does";
}

HoldSight sight_alone(
    const AnalysisQuestion& question, const PlannedHold& planned, const Present& now
) {
    const double alpha = question.alpha / 2;  // the other half is for both beside each other
    const auto counted = planned.hold - (planned.is_warm ? Duration{} : question.warm_up);
    HoldSight sight;
    sight.planned = planned;
    sight.requests = requests_in(now, counted);
    sight.base_rate = analysis::each_second(now.counts, looked_back).base_rate;
    sight.ratio = analysis::smallest_ratio_alone(before_alone(now), sight.requests, alpha);
    const auto at = "alone for " + to_text(planned.hold);
    sight.text = counted > Duration{}
                     ? at + " (about " + analysis::short_number(std::round(sight.requests)) +
                           " requests): sees " + analysis::seen_told(sight.ratio, now.what) +
                           ", against the " + to_text(looked_back_on) + " before"
                     : at + ": sees nothing, warm_up is all of it";
    if (sight.ratio.value_or(hardly_anything) >= hardly_anything) {
        sight.help = what_would_help_alone(now, alpha);
    }
    return sight;
}

HoldSight sight_beside(
    const AnalysisQuestion& question, const PlannedHold& planned, const Present& now
) {
    const double alpha = question.alpha / 2;  // the other half is for when stable is gone
    const auto each_second = analysis::each_second(now.counts, looked_back, planned.share);
    const auto counted = planned.hold - question.warm_up;
    const auto in_hold = over(each_second, counted);
    HoldSight sight;
    sight.planned = planned;
    sight.requests = in_hold.requests * in_hold.share;
    sight.base_rate = each_second.base_rate;
    sight.ratio = analysis::smallest_ratio(in_hold, alpha);
    sight.text = counted > Duration{}
                     ? analysis::sight_told(in_hold, planned.hold, alpha, now.what)
                     : "at " + analysis::percent(planned.share) + " for " + to_text(planned.hold) +
                           ": sees nothing, warm_up is all of it";
    if (sight.ratio.value_or(hardly_anything) >= hardly_anything) {
        sight.help = what_would_help({planned, each_second, alpha, question.warm_up});
    }
    return sight;
}

HoldSight sight_of(
    const AnalysisQuestion& question, const PlannedHold& planned, const Present& now
) {
    return planned.share < 1 ? sight_beside(question, planned, now)
                             : sight_alone(question, planned, now);
}

analysis::Counts as_good(const Present& now, double requests) {
    return {requests, requests * analysis::rate_of(now.counts)};
}

/// After the longest hold that anybody waits for, by a version that is exactly as good.
bool can_pass(const AnalysisQuestion& question, double share, const Present& now) {
    auto settings = settings_of(question, now.max);
    settings.alpha /= 2;
    const double all = requests_in(now, longest_hold);
    const auto canary = as_good(now, all * share);
    if (share < 1) {
        auto test = analysis::make_rate_test(settings);
        analysis::take(test, {canary, as_good(now, all * (1 - share))});
        return analysis::judge_hold(test, settings).answer == Answer::pass;
    }
    const auto rate = analysis::bounds_of(canary, settings.alpha);
    const auto before = analysis::bounds_of(before_alone(now), settings.alpha);
    return canary.requests >= settings.min_samples &&
           rate.high <= std::max(now.max, settings.max_ratio * before.low);
}

void add_if_never(
    GateSight& sight,
    const AnalysisQuestion& question,
    const std::vector<PlannedHold>& holds,
    const Present& now
) {
    const bool can = std::ranges::any_of(holds, [&](const PlannedHold& planned) {
        return can_pass(question, planned.share, now);
    });
    if (can || holds.empty()) {
        return;
    }
    const auto key = std::string("`") + now.key + "`";
    sight.never.push_back(
        "can never pass by its " + now.what + ": not even " + to_text(longest_hold) +
        " of the traffic of now prove a version that is just as good to be within " +
        limit_told(question.max_ratio, now.max) +
        (now.max > 0 ? "; write a larger " + key + " or `max_ratio`"
                     : "; write " + key + ", the share that passes by itself")
    );
}

void add(
    GateSight& sight,
    const AnalysisQuestion& question,
    const std::vector<PlannedHold>& holds,
    const PresentOrWhy& present
) {
    if (const auto* why = std::get_if<std::string>(&present)) {
        sight.unknown.push_back(*why);
        return;
    }
    for (const auto& now : std::get<std::vector<Present>>(present)) {
        if (!(now.counts.requests > 0)) {
            sight.unknown.push_back("no requests in the last " + to_text(looked_back));
            return;
        }
        for (const auto& planned : holds) {
            sight.holds.push_back(sight_of(question, planned, now));
        }
        add_if_never(sight, question, holds, now);
    }
}

}  // namespace

Task<GateSight> look_ahead(
    SightSource source, AnalysisQuestion question, std::vector<PlannedHold> holds
) {
    GateSight sight;
    if (!question.errors.empty()) {
        const auto present = co_await errors_now(source, question);
        add(sight, question, holds, present);
    }
    if (!question.buckets.empty()) {
        const auto present = co_await latency_now(source, question);
        add(sight, question, holds, present);
    }
    co_return sight;
}

}  // namespace deployctl::gates
