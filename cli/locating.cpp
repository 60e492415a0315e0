// SPDX-License-Identifier: Apache-2.0
#include "cli/locating.hpp"

#include "cli/deploy_file.hpp"
#include "cli/targeting.hpp"
#include "model/error.hpp"

namespace deployctl::cli {

namespace {

Task<Located> settle(Parts* parts, Located wanted) {
    wanted.cluster = co_await parts->settle(wanted.cluster);
    wanted.target.kube_namespace = wanted.cluster.kube_namespace;
    const auto identity = co_await parts->cluster(wanted.cluster).identify();
    wanted.target.cluster_uid = identity.uid;
    co_return wanted;
}

/// What is meant, before anything is asked of the cluster.
Located read_wanted(const Session& session) {
    const auto& place = session.globals.place;
    const auto configuration = read_deploy_file(place).value_or(Configuration{});
    const auto app = place.app.empty() ? configuration.app.name : place.app;
    const auto environment = choose_environment(configuration, place);
    return {{app, environment.name, "", ""}, cluster_of(environment)};
}

}  // namespace

Located locate(Session& session) {
    return wait_for_beginning(session.parts, settle(&session.parts, read_wanted(session)));
}

Located locate_app(Session& session, const std::string& app) {
    const auto& place = session.globals.place;
    if (app.empty() && place.app.empty()) {
        const auto configuration = read_deploy_file(place);
        if (!configuration || configuration->app.name.empty()) {
            throw Error(
                ExitCode::usage,
                "which app? There is no configuration that names it",
                "--app NAME -n NAMESPACE"
            );
        }
    }
    auto wanted = read_wanted(session);
    wanted.target.app = app.empty() ? wanted.target.app : app;
    return wait_for_beginning(session.parts, settle(&session.parts, wanted));
}

}  // namespace deployctl::cli
