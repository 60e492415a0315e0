// SPDX-License-Identifier: Apache-2.0
// What `approvals`, the roles in them, and the steps that wait for them, say together. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

/// Whoever is in a role may what the role may; a name that is no role's adds nobody.
void use_roles(Configuration& configuration);

void check_approvals(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
