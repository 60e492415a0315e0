// SPDX-License-Identifier: Apache-2.0
// What the keys of a gate that analyses metrics mean together: something to ask, and all that
// belongs to it. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

void check_analyses(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
