// SPDX-License-Identifier: Apache-2.0
// What the keys of gates mean together that ask what was written down before: which environments
// and versions there are, and which of several sources is meant. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

void check_records(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
