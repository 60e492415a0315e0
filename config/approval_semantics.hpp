// SPDX-License-Identifier: Apache-2.0
// What `approvals`, and the steps that wait for them, say together. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

void check_approvals(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
