// SPDX-License-Identifier: Apache-2.0
// Whether the questions of gates to others than the pods can mean what they say. Pure; any thread.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/gates.hpp"

namespace deployctl::config {

void check_outside(const documents::YamlEntry& entry, const GateQuestion& question, Report& report);

}  // namespace deployctl::config
