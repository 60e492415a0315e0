// SPDX-License-Identifier: Apache-2.0
// Inside of config/: what the manifests say of one app. Pure.
#pragma once

#include "config/initial.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::config {

struct FoundEnvironment {
    std::string name;
    std::string kube_namespace;  ///< empty: the manifests do not say
};

struct FoundApp {
    std::string file;  ///< where the Deployment stands
    std::string workload;
    std::string container;
    std::string image;  ///< empty where the manifest has no usable name of one
    std::optional<HttpQuestion> health;
    std::vector<std::string> services;
    std::string kustomize;  ///< a folder, perhaps with ${env}; empty without
    std::vector<FoundEnvironment> environments;
    std::string no_split;  ///< why a canary cannot run it; empty: it can
};

/// Nothing, and errors in `into`, where it is not clear which app is meant.
std::optional<FoundApp> find_app(const InitialRequest& request, Initial& into);

}  // namespace deployctl::config
