// SPDX-License-Identifier: Apache-2.0
// What the keys of `prometheus` mean together: one way to say who asks, no secret in the file.
// Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

void check_metrics(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
