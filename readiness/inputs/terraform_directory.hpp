// SPDX-License-Identifier: Apache-2.0
// The node of a folder of Terraform, for rules about all of it (docs/formats/readiness-rules.md):
//   path, environment, is_root, has_lock, is_whole, required_version,
//   backend: {type, ...}, providers: {NAME: {source, version}}, used_providers: [NAME],
//   variables: [NAME], outputs: [NAME], environments: {NAME: its values},
//   given_keys: [of files for -backend-config], files: {NAME: as it is written}
// Pure but for the tree that the node is built in.
#pragma once

#include "readiness/inputs/terraform_folders.hpp"

namespace deployctl::readiness {

documents::Node terraform_directory(const TerraformFolder& folder, documents::Tree& tree);

}  // namespace deployctl::readiness
