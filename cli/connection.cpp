// SPDX-License-Identifier: Apache-2.0
#include "cli/connection.hpp"

#include "cli/deploy_file.hpp"
#include "cli/reading.hpp"
#include "model/error.hpp"

namespace deployctl::cli {

namespace {

std::string context_for(const Session& session, const RolloutRecord& rollout) {
    const auto& place = session.globals.place;
    if (!place.context.empty()) {
        return place.context;
    }
    const auto configuration = read_deploy_file(place);
    if (configuration) {
        const auto found = configuration->environments.find(rollout.target.environment);
        const bool is_known = found != configuration->environments.end();
        if (is_known && found->second.waves.clusters.empty() && !found->second.context.empty()) {
            return found->second.context;
        }
    }
    return rollout.context;
}

Task<ClusterChoice> connect(Parts* parts, ClusterChoice choice, std::string wanted_uid) {
    auto settled = co_await parts->settle(choice);
    const auto identity = co_await parts->cluster(settled).identify();
    if (identity.uid != wanted_uid) {
        throw Error(
            ExitCode::usage,
            "context `" + settled.context + "` is not the cluster that this rollout runs on",
            "name the right one with --context"
        );
    }
    co_return settled;
}

}  // namespace

ClusterChoice connect_to(Session& session, const RolloutRecord& rollout) {
    ClusterChoice choice{context_for(session, rollout), rollout.target.kube_namespace};
    choice.request_timeout = read_plan_of(session, rollout).timeouts.request;
    return wait_for(
        session.parts, connect(&session.parts, std::move(choice), rollout.target.cluster_uid)
    );
}

}  // namespace deployctl::cli
