// SPDX-License-Identifier: Apache-2.0
// What the keys of `infra`, `backup`, `hooks` and `app.config_objects` mean together: which
// environments they name, what programs they run, what is filled into their texts. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

void check_release(
    const Configuration& configuration, const documents::YamlNode& root, Report& report
);

}  // namespace deployctl::config
