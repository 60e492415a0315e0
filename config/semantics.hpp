// SPDX-License-Identifier: Apache-2.0
// What the table of keys cannot say: gates that exist, weights that rise, an image without a tag.
// Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

/// `root` is the tree the configuration was read from; mistakes point into it.
void check_meaning(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
