// SPDX-License-Identifier: Apache-2.0
#include "promotion/waves.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <ranges>
#include <set>

namespace deployctl::promotion {

namespace {

Place place_of(const Environment& environment, const ClusterSettings& cluster) {
    return {
        environment.name,
        cluster.name,
        cluster.context,
        cluster.kube_namespace.empty() ? environment.kube_namespace : cluster.kube_namespace,
    };
}

std::vector<std::vector<std::string>> order_of(const WaveSettings& waves) {
    if (!waves.order.empty()) {
        return waves.order;
    }
    std::vector<std::vector<std::string>> one_by_one;
    for (const auto& cluster : waves.clusters) {
        one_by_one.push_back({cluster.name});
    }
    return one_by_one;
}

/// The last one first.
std::vector<std::string> backwards(const std::vector<std::string>& names) {
    return {names.rbegin(), names.rend()};
}

}  // namespace

std::vector<std::vector<Place>> waves_of(const Environment& environment) {
    const auto& settings = environment.waves;
    if (settings.clusters.empty()) {
        return {{{environment.name, "", environment.context, environment.kube_namespace}}};
    }
    std::vector<std::vector<Place>> waves;
    for (const auto& names : order_of(settings)) {
        std::vector<Place> wave;
        for (const auto& name : names) {
            const auto found = std::ranges::find(settings.clusters, name, &ClusterSettings::name);
            if (found != settings.clusters.end()) {
                wave.push_back(place_of(environment, *found));
            }
        }
        waves.push_back(std::move(wave));
    }
    return waves;
}

std::vector<Place> places_of(const Environment& environment) {
    std::vector<Place> places;
    for (const auto& wave : waves_of(environment)) {
        places.insert(places.end(), wave.begin(), wave.end());
    }
    return places;
}

std::vector<std::string> mistakes_of(const Environment& environment) {
    std::vector<std::string> mistakes;
    const auto& clusters = environment.waves.clusters;
    std::set<std::string> seen;
    for (const auto& name : order_of(environment.waves) | std::views::join) {
        if (std::ranges::find(clusters, name, &ClusterSettings::name) == clusters.end()) {
            mistakes.push_back(
                "a wave of " + environment.name + " names " + name +
                ", which is none of its clusters"
            );
        }
        if (!seen.insert(name).second) {
            mistakes.push_back("the waves of " + environment.name + " name " + name + " twice");
        }
    }
    for (const auto& cluster : clusters) {
        if (!seen.contains(cluster.name)) {
            mistakes.push_back(
                "no wave of " + environment.name + " has its cluster " + cluster.name
            );
        }
    }
    return mistakes;
}

void add_legs(
    Draft& draft,
    const Environment& environment,
    const Wanted& wanted,
    const Facts& facts,
    const Entry& entry
) {
    append(draft.refusals, mistakes_of(environment));
    auto needed = entry;
    std::vector<std::string> before;
    for (const auto& wave : waves_of(environment)) {
        std::vector<std::string> brought;
        for (const auto& place : wave) {
            const auto name = name_of(place);
            const auto& stand = facts.at(name);
            if (!stand.under_way.empty()) {
                draft.refusals.push_back(stand.under_way + " is under way in " + name);
            } else if (is_there(stand, wanted)) {
                draft.already.push_back(name);
                continue;
            }
            Leg leg{name, place, "", draft.line.name, wanted.digest, needed.needs, needed.soak, {}};
            if (environment.waves.on_failure == WaveFailure::rollback_all) {
                leg.goes_back = backwards(before);
                const auto beside = backwards(brought);
                leg.goes_back.insert(leg.goes_back.begin(), beside.begin(), beside.end());
            }
            draft.line.legs.push_back(std::move(leg));
            brought.push_back(name);
        }
        if (!brought.empty()) {
            append(before, brought);
            needed = {brought, environment.waves.soak};
        }
    }
}

Draft draw_waves(
    const Configuration& configuration,
    const Environment& environment,
    const Wanted& wanted,
    const Facts& facts
) {
    Draft draft;
    draft.line.kind = LineKind::waves;
    draft.line.name = configuration.app.name;
    draft.line.version = wanted.version;
    add_legs(draft, environment, wanted, facts, {});
    return draft;
}

}  // namespace deployctl::promotion
