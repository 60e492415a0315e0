// SPDX-License-Identifier: Apache-2.0
#include "simcluster/sim_metrics.hpp"

#include "model/image.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>

namespace deployctl::simcluster {

namespace {

struct Asked {
    bool is_of_failures = false;
    std::set<std::string, std::less<>> pods;
};

/// Nothing where it is no query of a play's.
std::optional<Asked> read_query(std::string_view query) {
    constexpr std::string_view begin = "{pod=~\"";
    constexpr std::string_view end = "\"}";
    const auto brace = query.find(begin);
    if (brace == std::string_view::npos || !query.ends_with(end)) {
        return std::nullopt;
    }
    const auto name = query.substr(0, brace);
    if (name != "requests" && name != "failures") {
        return std::nullopt;
    }
    Asked asked{name == "failures", {}};
    auto rest = query.substr(brace + begin.size());
    rest.remove_suffix(end.size());
    while (!rest.empty()) {
        const auto bar = std::min(rest.find('|'), rest.size());
        asked.pods.emplace(rest.substr(0, bar));
        rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
    return asked;
}

MetricAnswer refusal(const std::string& query) {
    return {MetricAnswer::Kind::refused, {}, "nobody in a simulation can answer " + query, {}};
}

int restarts_of(const Pod& pod) {
    return pod.containers.empty() ? 0 : pod.containers.front().restarts;
}

std::string version_of(const Pod& pod) {
    return pod.containers.empty() ? "" : version_of_image(pod.containers.front().image);
}

std::map<std::string, int> ready_behind(const World& world, const std::string& service) {
    std::map<std::string, int> ready;
    for (const auto* endpoint : endpoints_of(world, service)) {
        ready[endpoint->pod] += endpoint->ready ? 1 : 0;
    }
    return ready;
}

}  // namespace

void SimMetrics::observe(const World& world) {
    const auto ready = ready_behind(world, traffic_.service);
    const auto all = std::ranges::count_if(ready, [](const auto& one) { return one.second > 0; });
    std::set<std::string, std::less<>> there;
    for (const auto& pod : world.pods) {
        there.insert(pod.meta.name);
        auto& life = lives_[pod.meta.name];
        const auto failing = traffic_.by_version.find(version_of(pod));
        life.failing = failing == traffic_.by_version.end() ? traffic_.failing : failing->second;
        if (restarts_of(pod) != life.restarts) {  // its counters begin anew
            life.restarts = restarts_of(pod);
            life.marks.push_back({clock_.elapsed(), 0, 0});
        }
        const auto served = ready.find(pod.meta.name);
        const bool serves = served != ready.end() && served->second > 0;
        go_on(life, serves ? traffic_.requests / static_cast<double>(all) : 0);
    }
    for (auto& [name, life] : lives_) {
        if (!life.gone && !there.contains(name)) {
            life.gone = clock_.elapsed();
        }
    }
}

void SimMetrics::go_on(Life& life, double pace) const {
    const auto now = clock_.elapsed();
    if (life.marks.empty()) {
        life.marks.push_back({now, 0, pace});
    } else if (life.marks.back().pace != pace) {
        life.marks.push_back({now, requests_at(life, now).value_or(0), pace});
    }
}

/// Nothing where the pod was not there.
std::optional<double> SimMetrics::requests_at(const Life& life, Duration at) {
    const auto next = std::ranges::upper_bound(life.marks, at, {}, &Mark::at);
    if (next == life.marks.begin() || (life.gone && *life.gone < at)) {
        return std::nullopt;
    }
    const auto& mark = *(next - 1);
    return mark.requests + mark.pace * in_seconds(at - mark.at);
}

Duration SimMetrics::last_reading(Duration at) const {
    return at - at % traffic_.read_every;
}

MetricAnswer SimMetrics::answer(const std::string& query, const std::vector<Duration>& times)
    const {
    if (clock_.elapsed() < silent_until_) {
        return {MetricAnswer::Kind::failed, {}, "connection refused", {}};
    }
    const auto asked = read_query(query);
    if (!asked) {
        return refusal(query);
    }
    MetricAnswer answer;
    for (const auto& [pod, life] : lives_) {
        MetricSeries series{{{"pod", pod}}, {}};
        for (const auto at : asked->pods.contains(pod) ? times : std::vector<Duration>{}) {
            const auto requests = requests_at(life, last_reading(at));
            const auto wall = clock_.server_time() + (at - clock_.elapsed());
            if (requests) {
                const double share = asked->is_of_failures ? life.failing : 1;
                series.points.push_back({wall, std::floor(*requests * share)});
            }
        }
        if (!series.points.empty()) {
            answer.series.push_back(std::move(series));
        }
    }
    return answer;
}

Task<MetricAnswer> SimMetrics::instant(MetricsSource, std::string query) {
    auto told = answer(query, {clock_.elapsed()});
    co_return told;
}

/// By the clock of the source, which nobody sets: asked for a time that is not yet, it has nothing.
Task<MetricAnswer> SimMetrics::range(MetricsSource, std::string query, MetricRange range) {
    std::vector<Duration> times;
    for (auto at = range.from; at <= range.to; at += range.step) {
        const auto elapsed = clock_.elapsed() + (at - clock_.server_time());
        if (elapsed <= clock_.elapsed()) {
            times.push_back(elapsed);
        }
    }
    auto told = answer(query, times);
    co_return told;
}

}  // namespace deployctl::simcluster
