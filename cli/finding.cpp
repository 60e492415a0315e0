// SPDX-License-Identifier: Apache-2.0
#include "cli/finding.hpp"

#include "cli/clusters.hpp"
#include "cli/deploy_file.hpp"
#include "cli/output/words.hpp"
#include "cli/targeting.hpp"

namespace deployctl::cli {

namespace {

std::string scope_of(const RolloutFilter& filter) {
    auto text = filter.app.empty() ? "" : " of " + filter.app;
    return text + (filter.environment.empty() ? "" : " in " + filter.environment);
}

/// Those of the one cluster that `-e production/eu-1` names: the journal keeps its context.
std::vector<RolloutRecord> of_cluster(Session& session, std::vector<RolloutRecord> rollouts) {
    const auto& place = session.globals.place;
    if (place.environment.find('/') == std::string::npos || deploy_file(place).empty()) {
        return rollouts;
    }
    const auto configuration = need_deploy_file(place);
    if (split_place(configuration, place.environment).cluster.empty()) {
        return rollouts;
    }
    const auto context = choose_environment(configuration, place).context;
    std::erase_if(rollouts, [&context](const RolloutRecord& rollout) {
        return rollout.context != context;
    });
    return rollouts;
}

}  // namespace

RolloutFilter filter_of(Session& session) {
    const auto& place = session.globals.place;
    RolloutFilter filter;
    filter.app = place.app;
    filter.environment = place.environment;
    const bool may_be_cluster = place.environment.find('/') != std::string::npos;
    if (filter.app.empty() || may_be_cluster) {
        const auto configuration = read_deploy_file(place);
        if (configuration) {
            filter.app = filter.app.empty() ? configuration->app.name : filter.app;
            filter.environment = split_place(*configuration, place.environment).environment;
        }
    }
    return filter;
}

RolloutRecord find_rollout(Session& session, const std::string& reference) {
    auto& journal = session.parts.journal();
    if (!reference.empty()) {
        auto found = wait_for(session.parts, journal.find(reference));
        if (found) {
            return *found;
        }
        throw Error(
            ExitCode::usage,
            "no rollout `" + printable(reference) + "` in the journal, or several begin so",
            "deployctl rollout list"
        );
    }
    auto filter = filter_of(session);
    filter.which = RolloutFilter::Which::active;
    const auto active = of_cluster(session, wait_for(session.parts, journal.list(filter)));
    if (active.size() > 1) {
        throw Error(
            ExitCode::usage,
            "several rollouts are active: say which",
            "deployctl rollout list --active"
        );
    }
    filter.which = RolloutFilter::Which::all;
    filter.order = RolloutFilter::Order::end;
    const auto newest = active.empty()
                            ? of_cluster(session, wait_for(session.parts, journal.list(filter)))
                            : active;
    if (newest.empty()) {
        throw Error(
            ExitCode::usage,
            "the journal has no rollout" + scope_of(filter),
            "deployctl rollout canary TAG begins one; --state names another journal"
        );
    }
    return newest.front();
}

std::string describe(const RolloutRecord& rollout, const Style& style) {
    return std::to_string(rollout.number) + " (" + to_text(rollout.strategy) + " " +
           rollout.previous_version + " " + arrow(style) + " " + rollout.next_version + ", " +
           words_of(rollout.state) + ")";
}

}  // namespace deployctl::cli
