// SPDX-License-Identifier: Apache-2.0
// A configuration for an app that has no deploy.yaml: from words of the command line. Pure; any
// thread.
#pragma once

#include "config/configuration.hpp"

#include <string>

namespace deployctl::config {

struct AppFlags {
    std::string workload;        ///< "deploy/web", "deployment/web" or "web"
    std::string container;       ///< may be empty
    std::string image;           ///< without a tag; empty: the one that runs
    std::string app;             ///< empty: the workload's name
    std::string kube_namespace;  ///< empty: the context's
};

/// Canary 10/50 with a gate `health` and default timeouts, without environments. Mistakes have no
/// place but the flag in `place.file`.
Loaded app_from_flags(const AppFlags& flags);

}  // namespace deployctl::config
