// SPDX-License-Identifier: Apache-2.0
// Freeze windows that mean something: a time zone that exists, a cron expression that fires, dates
// in their order, environments that are there. Reads the machine's time zones; else pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"

namespace deployctl::config {

/// Mistakes point into `root`, the whole file.
void check_freeze(const documents::YamlNode& root, Report& report);

}  // namespace deployctl::config
