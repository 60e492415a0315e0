// SPDX-License-Identifier: Apache-2.0
#include "cli/targeting.hpp"

#include "cli/clusters.hpp"
#include "cli/output/style.hpp"
#include "config/spelling.hpp"
#include "model/error.hpp"
#include "model/text.hpp"

namespace deployctl::cli {

namespace {

std::vector<std::string> names_of(const std::map<std::string, Environment>& environments) {
    std::vector<std::string> names;
    for (const auto& [name, environment] : environments) {
        names.push_back(name);
    }
    return names;
}

Environment named(const Configuration& configuration, const std::string& name) {
    const auto found = configuration.environments.find(name);
    if (found != configuration.environments.end()) {
        return found->second;
    }
    const auto names = names_of(configuration.environments);
    const auto near = config::closest(name, {names.begin(), names.end()});
    throw Error(
        ExitCode::usage,
        "no environment `" + name + "` is configured",
        names.empty() ? "the configuration has no `environments`"
        : near        ? "use -e " + std::string(*near)
                      : "known: " + join(names, ", ")
    );
}

Environment only_one(const Configuration& configuration) {
    const auto names = names_of(configuration.environments);
    if (names.empty()) {
        return {};
    }
    const auto& first = configuration.environments.begin()->second;
    if (names.size() > 1) {
        throw Error(
            ExitCode::usage,
            "there are several environments: say which",
            "-e " + join(names, " | -e ")
        );
    }
    if (first.is_protected) {
        throw Error(
            ExitCode::usage,
            "environment `" + first.name + "` is protected: name it",
            "-e " + first.name
        );
    }
    return first;
}

/// The flag's value must be the configured one, where there is one.
void use_flag(
    std::string& configured,
    const std::string& flag,
    const char* what,
    const std::string& environment
) {
    if (!flag.empty() && !configured.empty() && flag != configured) {
        throw Error(
            ExitCode::usage,
            std::string(what) + " `" + flag + "` is not that of environment `" + environment +
                "`, `" + configured + "`",
            "leave the flag out, or choose the environment that it belongs to with -e"
        );
    }
    if (!flag.empty()) {
        configured = flag;
    }
}

}  // namespace

Environment choose_environment(const Configuration& configuration, const Place& place) {
    const auto wanted = split_place(configuration, place.environment);
    auto environment = wanted.environment.empty() ? only_one(configuration)
                                                  : named(configuration, wanted.environment);
    narrow(environment, wanted.cluster, place.context);
    use_flag(environment.context, place.context, "context", environment.name);
    use_flag(environment.kube_namespace, place.kube_namespace, "namespace", environment.name);
    return environment;
}

ClusterChoice cluster_of(const Environment& environment) {
    return {environment.context, environment.kube_namespace};
}

}  // namespace deployctl::cli
