// SPDX-License-Identifier: Apache-2.0
// What the keys of gates that judge what is deployed mean together. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/gates.hpp"

namespace deployctl::config {

void check_artifact_gate(
    const documents::YamlEntry& entry, const GateQuestion& question, Report& report
);

}  // namespace deployctl::config
