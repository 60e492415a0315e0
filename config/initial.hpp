// SPDX-License-Identifier: Apache-2.0
// The first deploy.yaml of an app, written from its manifests. What it writes has no mistakes in
// it; what it guessed, it says in comments. Pure, files come as text; any thread.
#pragma once

#include "model/diagnostics.hpp"

#include <string>
#include <vector>

namespace deployctl::config {

struct ManifestFile {
    std::string path;  ///< as the person will find it: "k8s/web.yaml"
    std::string text;
};

struct InitialRequest {
    std::vector<ManifestFile> files;  ///< kustomization.yaml among them, where there is one
    std::string workload;             ///< the Deployment that is meant; empty: the only one
    std::string container;            ///< empty: the only one, or the one named like it
};

struct Initial {
    std::string text;                     ///< deploy.yaml; empty where there are errors
    std::vector<std::string> candidates;  ///< the Deployments to choose from
    Diagnostics diagnostics;  ///< C1050 none found, C1051 several, C1052 no such; unreadable files
                              ///< as warnings
};

Initial initial_configuration(const InitialRequest& request);

}  // namespace deployctl::config
