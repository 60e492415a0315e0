// SPDX-License-Identifier: Apache-2.0
// No two stacks may be one state: both would take each other's resources for their own. Pure.
#pragma once

#include "config/report.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

void check_states(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
