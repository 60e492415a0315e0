// SPDX-License-Identifier: Apache-2.0
// The manifests that the configuration names, read: only the workload's pod template is brought
// out, and what else differs from the cluster is named, since it would be lost. Throws ConfigError,
// Error{usage}.
#pragma once

#include "cli/parts.hpp"
#include "model/settings.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// Every object of the folder, or of what kubectl makes of a kustomization.
Task<std::vector<Value>> read_manifests(
    Process* process, ManifestSource source, std::string environment
);
/// The Deployment among them. Throws Error{usage} where there is none.
Value find_manifest(const std::vector<Value>& objects, const WorkloadSettings& workload);
/// What the manifest says of the Deployment outside of the pod template, and the cluster does not.
std::vector<std::string> other_differences(const Value& manifest, const Value& live);

}  // namespace deployctl::cli
