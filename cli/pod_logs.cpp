// SPDX-License-Identifier: Apache-2.0
#include "cli/pod_logs.hpp"

#include "engine/objects.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

/// Asked for more than was missed: a node may be late, and each line is taken once.
constexpr Duration overlap = seconds(5);
constexpr int most_lines_at_once = 10'000;

bool has_started(const Pod& pod, const std::string& container) {
    const auto found = std::ranges::find(pod.containers, container, &ContainerStatus::name);
    return found != pod.containers.end() &&
           (found->state.phase != ContainerState::Phase::waiting || found->previous);
}

/// Those whose logs can be asked for.
std::vector<std::string> pods_to_ask(const World& world, const LogOrder& order) {
    const auto& plan = order.plan;
    const auto* workload = find_workload(world, engine::name_of(plan, order.slot));
    std::vector<std::string> names;
    if (workload == nullptr) {
        return names;
    }
    for (const auto* pod : all_pods_of(world, *workload)) {
        if (has_started(*pod, plan.container)) {
            names.push_back(pod->meta.name);
        }
    }
    return names;
}

}  // namespace

Task<std::vector<PodLog>> read_pod_logs(Cluster* cluster, LogOrder order) {
    const auto world = co_await cluster->look();
    std::vector<PodLog> logs;
    for (const auto& pod : pods_to_ask(world, order)) {
        LogQuery query;
        query.pod = pod;
        query.container = order.plan.container;
        query.lines = order.lines;
        auto lines = co_await cluster->log(query);
        logs.push_back({pod, order.plan.container, "cluster", std::move(lines)});
    }
    co_return logs;
}

Task<std::vector<PodLog>> LogFollower::next() {
    const auto asked = clock_.boot_time();
    const auto world = co_await cluster_.look();
    std::vector<PodLog> logs;
    for (const auto& pod : pods_to_ask(world, order_)) {
        const auto query = query_for(pod);
        const auto lines = co_await cluster_.log(query);
        auto news = news_of(pod, lines);
        if (!news.empty()) {
            logs.push_back({pod, order_.plan.container, "cluster", std::move(news)});
        }
    }
    asked_ = asked;
    co_return logs;
}

LogQuery LogFollower::query_for(const std::string& pod) const {
    LogQuery query;
    query.pod = pod;
    query.container = order_.plan.container;
    query.times = LogQuery::Times::shown;
    query.lines = asked_ ? most_lines_at_once : order_.lines;
    if (last_.contains(pod)) {
        query.since = clock_.boot_time() - *asked_ + overlap;
    }
    return query;
}

/// The times of one pod's lines are written by one node, all in one form: they compare as texts.
std::vector<std::string> LogFollower::news_of(
    const std::string& pod, const std::vector<std::string>& lines
) {
    auto& last = last_[pod];
    auto latest = last;
    std::vector<std::string> news;
    for (const auto& line : lines) {
        const auto blank = std::min(line.find(' '), line.size());
        const auto time = line.substr(0, blank);
        if (time > last) {
            news.push_back(line.substr(std::min(blank + 1, line.size())));
            latest = std::max(latest, time);
        }
    }
    last = std::move(latest);
    return news;
}

}  // namespace deployctl::cli
