// SPDX-License-Identifier: Apache-2.0
#include "cli/environment_standing.hpp"

#include "cli/standings.hpp"
#include "model/text.hpp"
#include "promotion/waves.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

/// By digest where both know one.
bool is_same_version(const RolloutRecord& one, const RolloutRecord& other) {
    return one.digest.empty() || other.digest.empty() ? one.next_version == other.next_version
                                                      : one.digest == other.digest;
}

}  // namespace

std::vector<RolloutRecord> promoted_in(
    Session& session, const Configuration& configuration, const std::string& environment
) {
    constexpr int far_back = 500;
    RolloutFilter filter;
    filter.app = configuration.app.name;
    filter.environment = environment;
    filter.at_most = far_back;
    auto rollouts = wait_for(session.parts, session.parts.journal().list(filter));
    const auto found = configuration.environments.find(environment);
    const auto places = found == configuration.environments.end()
                            ? std::vector<promotion::Place>{{environment, "", "", ""}}
                            : promotion::places_of(found->second);
    std::erase_if(rollouts, [&places](const RolloutRecord& one) {
        const auto is_there = [&one](const promotion::Place& place) { return was_in(one, place); };
        return one.state != RolloutState::promoted || std::ranges::none_of(places, is_there);
    });
    return rollouts;
}

std::string leader_of(const Configuration& configuration, const Environment& environment) {
    if (!environment.follows.empty()) {
        return environment.follows;
    }
    const auto place = place_in_order(configuration, environment.name);
    return place < 2 ? "" : configuration.promotion.order[static_cast<std::size_t>(place) - 2];
}

int place_in_order(const Configuration& configuration, const std::string& environment) {
    const auto& order = configuration.promotion.order;
    const auto found = std::ranges::find(order, environment);
    return found == order.end() ? 0 : static_cast<int>(found - order.begin()) + 1;
}

Lag lag_of(
    const std::vector<RolloutRecord>& own, const std::vector<RolloutRecord>& leader, WallTime now
) {
    if (own.empty() || leader.empty()) {
        return {Lag::Kind::unknown, 0, {}};
    }
    const auto same = std::ranges::find_if(leader, [&](const RolloutRecord& one) {
        return is_same_version(one, own.front());
    });
    if (same == leader.end()) {
        return {Lag::Kind::never, 0, {}};
    }
    if (same == leader.begin()) {
        return {};
    }
    const auto& first_missed = *std::prev(same);
    return {
        Lag::Kind::behind,
        static_cast<int>(same - leader.begin()),
        now - first_missed.ended.value_or(first_missed.started),
    };
}

std::string to_text(const Lag& lag, const std::string& leader) {
    if (leader.empty()) {
        return "-";
    }
    switch (lag.kind) {
        case Lag::Kind::none: return "as " + leader;
        case Lag::Kind::behind:
            return count_of(lag.releases, "release") + " behind " + leader + " for " +
                   to_short_text(lag.since);
        case Lag::Kind::never: return leader + " never ran it";
        case Lag::Kind::unknown: return "-";
    }
    return "";
}

}  // namespace deployctl::cli
