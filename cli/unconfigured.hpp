// SPDX-License-Identifier: Apache-2.0
// A configuration for an app that has none, made of flags and of what stands in the cluster. Pure.
#pragma once

#include "cli/globals.hpp"
#include "cli/preparation.hpp"
#include "config/configuration.hpp"
#include "model/kubernetes/world.hpp"
#include "model/settings.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// Canary 10/50 with the health gate, and every flag that is missing or wrong.
config::Loaded configuration_for(const Unconfigured& wanted, const Place& place);
/// The health gate asks what the readiness probe asks; without such a probe there is none. Notes
/// for the user.
std::vector<std::string> fit_to_workload(Configuration& configuration, const World& world);

}  // namespace deployctl::cli
