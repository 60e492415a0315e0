// SPDX-License-Identifier: Apache-2.0
// What environments mean together: the order in which a version moves over them, over their
// clusters and over the members of a group, and which of them takes over from which. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

void check_promotion(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
