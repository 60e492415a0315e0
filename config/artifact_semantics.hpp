// SPDX-License-Identifier: Apache-2.0
// What the keys of gates that judge what is deployed mean together: the names in their paths. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/gates.hpp"

namespace deployctl::config {

/// A name that stands for nothing would be looked for as it stands, in the middle of a rollout.
void check_names(const documents::YamlEntry& gate, const char* key, Report& report);

void check_artifact_gate(
    const documents::YamlEntry& entry, const GateQuestion& question, Report& report
);

}  // namespace deployctl::config
