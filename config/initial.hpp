// SPDX-License-Identifier: Apache-2.0
// The first deploy.yaml of an app, written from its manifests. What it writes has no mistakes in
// it; what it guessed, it says in comments. Pure, files come as text; any thread.
#pragma once

#include "model/diagnostics.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::config {

struct ManifestFile {
    std::string path;  ///< as the person will find it: "k8s/web.yaml"
    std::string text;
    std::string trouble = {};  ///< why it could not be read; empty: it was
};

/// Where requests and errors are counted, and by that the steps that can see something.
struct InitialTraffic {
    std::string prometheus;  ///< its URL
    std::string errors;      ///< selectors of counters, with `${pods}`
    std::string total;
    std::vector<CanaryStep> steps;  ///< empty: the usual ones
    std::string told;               ///< by what they were chosen, or why they were not
};

struct InitialRequest {
    std::vector<ManifestFile> files;  ///< kustomization.yaml among them, where there is one
    std::string workload;             ///< the Deployment that is meant; empty: the only one
    std::string container;            ///< empty: the only one, or the one named like it
    std::optional<InitialTraffic> traffic = std::nullopt;
};

struct Initial {
    std::string text;                     ///< deploy.yaml; empty where there are errors
    std::string workload;                 ///< the Deployment that it is about
    std::string kube_namespace;           ///< where production is; empty: the manifests do not say
    std::vector<std::string> candidates;  ///< the Deployments to choose from
    Diagnostics diagnostics;  ///< C1050 none found, C1051 several, C1052 no such; unreadable files
                              ///< as warnings
};

Initial initial_configuration(const InitialRequest& request);

}  // namespace deployctl::config
