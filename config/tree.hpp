// SPDX-License-Identifier: Apache-2.0
// A configuration as the tree of a deploy.yaml that reads back to it, and the default of each key.
// Pure; any thread.
#pragma once

#include "documents/yaml.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string_view>

namespace deployctl::config {

/// Every key that can be written, with defaults.
documents::YamlNode to_tree(const Configuration& configuration);
/// What a key has where the file says nothing; nothing for keys without such a value.
std::optional<documents::YamlNode> default_of(std::string_view path);

}  // namespace deployctl::config
