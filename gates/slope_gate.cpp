// SPDX-License-Identifier: Apache-2.0
#include "gates/slope_gate.hpp"

#include "analysis/wording.hpp"
#include "gates/series.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace deployctl::gates {

namespace {

constexpr int in_block = static_cast<int>(analysis::least_in_block);
constexpr int most_blocks_at_once = 10;
constexpr double seconds_an_hour = 3600;

Duration length_of(const SlopeSettings& settings) {
    return settings.resolution * in_block;
}

/// On the grid of the samples.
Duration lead_of(const SlopeSettings& settings) {
    const auto steps = (settings.warm_up + settings.resolution - Duration(1)) / settings.resolution;
    return settings.resolution * std::min<std::int64_t>(steps, most_points);
}

analysis::Sample mean_at(
    const std::vector<const MetricSeries*>& whole, WallTime at, Duration resolution
) {
    double sum = 0;
    for (const auto* series : whole) {
        const auto point = std::ranges::find_if(series->points, [&](const MetricPoint& one) {
            return one.at >= at - resolution / 2 && one.at < at + resolution / 2;
        });
        sum += point->value;
    }
    return {in_seconds(at), sum / static_cast<double>(whole.size())};
}

bool has_all(const MetricSeries& series, WallTime begin, Duration resolution) {
    for (int i = 0; i < in_block; ++i) {
        const auto at = begin + resolution * i;
        const bool is_there = std::ranges::any_of(series.points, [&](const MetricPoint& one) {
            return one.at >= at - resolution / 2 && one.at < at + resolution / 2 &&
                   std::isfinite(one.value);
        });
        if (!is_there) {
            return false;
        }
    }
    return true;
}

std::vector<analysis::Sample> read_samples(const Value& values, double begin, double step) {
    std::vector<analysis::Sample> samples;
    for (const auto& value : values.items()) {
        samples.push_back({begin + step * static_cast<double>(samples.size()), value.real("")});
    }
    return samples;
}

}  // namespace

BlockReading read_block(
    const MetricAnswer& answer, WallTime begin, Duration resolution, Duration warm_up
) {
    std::vector<const MetricSeries*> whole;
    bool is_anything_there = false;
    for (const auto& series : answer.series) {
        const bool is_in_it = std::ranges::any_of(series.points, [&](const MetricPoint& point) {
            return point.at >= begin && std::isfinite(point.value);
        });
        is_anything_there = is_anything_there || is_in_it;
        const bool is_warm =
            is_in_it && series.points.front().at < begin - warm_up + resolution / 2;
        if (is_warm && has_all(series, begin, resolution)) {
            whole.push_back(&series);
        }
    }
    if (whole.empty()) {
        return {is_anything_there ? BlockReading::Kind::warming : BlockReading::Kind::none, {}};
    }
    BlockReading reading{BlockReading::Kind::whole, {}};
    for (int i = 0; i < in_block; ++i) {
        reading.samples.push_back(mean_at(whole, begin + resolution * i, resolution));
    }
    return reading;
}

Duration least_time(const SlopeSettings& settings) {
    return lead_of(settings) + length_of(settings) * analysis::TrendSettings{}.min_blocks;
}

std::string least_time_told(const SlopeSettings& settings) {
    return to_text(least_time(settings)) + ": " +
           std::to_string(analysis::TrendSettings{}.min_blocks) + " blocks of " +
           std::to_string(in_block) + " samples, one in " + to_text(settings.resolution) +
           ", after " + to_text(settings.warm_up) + " of warm_up";
}

Verdict judge(
    const SlopeSettings& slope,
    Against against,
    const analysis::Trend& trend,
    const std::string& query
) {
    analysis::TrendSettings settings;
    settings.alpha = slope.alpha;
    settings.limit = slope.max_rise / seconds_an_hour;
    const auto judged = analysis::judge(trend, settings);
    Verdict verdict{judged.answer, judged.reason, "", "", {}};
    const auto line = analysis::theil_sen(trend.blocks);
    const bool has_enough = static_cast<int>(trend.blocks.size()) >= settings.min_blocks;
    if (line && has_enough) {
        const auto rise = analysis::short_number(line->slope * seconds_an_hour);
        verdict.measured = "rises by " + rise + " an hour" +
                           (against == Against::stable ? " more than stable's" : "");
        verdict.limit = analysis::short_number(slope.max_rise);
        verdict.reason = query + ": " + analysis::short_number(trend.signs.hits) +
                         " blocks rise, " + analysis::short_number(trend.signs.misses) +
                         " fall, evidence " + analysis::odds(trend.most_rising);
    }
    verdict.evidence = Value::map({{"query", query}, {"log_evidence", trend.most_rising}});
    return verdict;
}

void recall(analysis::Trend& trend, Against against, const Value& evidence) {
    for (const auto& block : evidence.items("/blocks")) {
        const double begin = block.real("/from");
        const double step = block.real("/step");
        const auto canary = read_samples(block.at("/canary"), begin, step);
        if (against == Against::stable) {
            analysis::take(trend, canary, read_samples(block.at("/stable"), begin, step));
        } else {
            analysis::take(trend, canary);
        }
    }
}

SlopeGate::SlopeGate(const Sources& sources, SlopeSettings settings, Against against)
    : asked_{sources.outside.metrics, sources.metrics_source, sources.clock},
      settings_(std::move(settings)),
      against_(against),
      trend_(analysis::make_trend()) {}

/// After a long time without a look, what is older than a few blocks is left out.
WallTime SlopeGate::begin_of_next(const Subjects& subjects, WallTime now) const {
    const auto step_began = now - (subjects.at - subjects.since);
    const auto wanted = next_.value_or(step_began + lead_of(settings_));
    return std::max(wanted, now - length_of(settings_) * most_blocks_at_once);
}

Task<SlopeGate::Side> SlopeGate::ask(Subjects subjects, Track track, MetricRange range) {
    Side side;
    const auto& pods = track == Track::canary ? subjects.candidate : subjects.stable;
    side.query = query_about(settings_.query, subjects.names, pods, track);
    side.answer = co_await asked_.metrics.range(asked_.source, side.query, range);
    co_return side;
}

Task<Verdict> SlopeGate::sample(Subjects subjects) {
    const auto now = asked_.clock.now();
    if (against_ == Against::stable && subjects.stable.empty()) {
        co_return judge(settings_.query, Value::Array{});  // by what was seen while they ran
    }
    next_ = begin_of_next(subjects, now);
    const auto from = std::min(*next_, now) - lead_of(settings_);
    const MetricRange range{from, now, settings_.resolution};
    const auto canary = co_await ask(subjects, Track::canary, range);
    std::optional<Side> stable;
    if (against_ == Against::stable) {
        auto beside = co_await ask(subjects, Track::stable, range);
        stable = std::move(beside);
    }
    co_return take(canary, stable, now);
}

Verdict SlopeGate::take(const Side& canary, const std::optional<Side>& stable, WallTime now) {
    for (const auto* side : {&canary, stable ? &*stable : &canary}) {
        const bool is_answer = side->answer.kind == MetricAnswer::Kind::series;
        if (!is_answer || side->answer.series.empty()) {
            const auto why =
                is_answer ? "no series: nothing is measured there" : side->answer.failure;
            return no_answer("no samples", side->query + ": " + why);
        }
    }
    added_.clear();
    auto last = BlockReading::Kind::whole;
    while (*next_ + length_of(settings_) <= now) {
        last = take_block(canary, stable).kind;
        *next_ += length_of(settings_);
    }
    if (last == BlockReading::Kind::none) {
        auto verdict = no_answer(
            "no samples", canary.query + ": no samples of the last " + to_text(length_of(settings_))
        );
        verdict.evidence = Value::map({{"blocks", std::exchange(added_, {})}});  // they count
        return verdict;
    }
    return judge(canary.query, std::exchange(added_, {}));
}

BlockReading SlopeGate::take_block(const Side& canary, const std::optional<Side>& stable) {
    const auto read = [&](const Side& side) {
        return read_block(side.answer, *next_, settings_.resolution, lead_of(settings_));
    };
    auto mine = read(canary);
    const auto beside = stable ? read(*stable) : mine;
    if (mine.kind != BlockReading::Kind::whole || beside.kind != BlockReading::Kind::whole) {
        const auto worse = std::max(mine.kind, beside.kind);
        return {worse, {}};
    }
    auto told = Value::map({
        {"from", in_seconds(*next_)},
        {"step", in_seconds(settings_.resolution)},
        {"canary", values_of(mine.samples)},
    });
    if (stable) {
        told.set("/stable", values_of(beside.samples));
        analysis::take(trend_, mine.samples, beside.samples);
    } else {
        analysis::take(trend_, mine.samples);
    }
    added_.push_back(std::move(told));
    return mine;
}

Verdict SlopeGate::judge(const std::string& query, Value blocks) const {
    auto verdict = gates::judge(settings_, against_, trend_, query);
    verdict.evidence.set("/blocks", std::move(blocks));
    return verdict;
}

void SlopeGate::recall(const Value& evidence) {
    gates::recall(trend_, against_, evidence);
    for (const auto& block : evidence.items("/blocks")) {
        const auto end = block.real("/from") + block.real("/step") * in_block;
        next_ = WallTime(Duration(std::llround(end * 1e6)));
    }
}

}  // namespace deployctl::gates
