// SPDX-License-Identifier: Apache-2.0
// deploy.yaml: read with every mistake at once, explained key by key, shown back. Pure, no file is
// touched; any thread. Mistakes have stable codes, listed in docs/configuration.md.
#pragma once

#include "model/diagnostics.hpp"
#include "model/settings.hpp"
#include "model/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::config {

struct Loaded {
    Configuration configuration;  ///< complete only where there are no errors
    Diagnostics diagnostics;
};

/// Never throws for what stands in the text. `file_name` is how messages call it.
Loaded read_configuration(std::string_view text, std::string file_name);

/// What read_configuration reads back to the same; with every default written out.
std::string to_yaml(const Configuration& configuration);
/// The same without what is the default anyway.
std::string to_short_yaml(const Configuration& configuration);

/// The page of one key, "gates.every" or "environments.production.gates"; nothing for an unknown
/// one.
/// "" is the list of all keys.
std::optional<std::string> explain(std::string_view path);
/// Paths that somebody who mistyped may have meant, the nearest first.
std::vector<std::string> similar_keys(std::string_view path);
/// JSON Schema (draft 7) of what read_configuration takes, for editors.
Value json_schema();

enum class ColorMode { plain, color };

/// As a compiler shows them: message, place, line with the spot underlined, way out.
std::string render(const Diagnostics& diagnostics, ColorMode mode);

}  // namespace deployctl::config
