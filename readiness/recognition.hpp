// SPDX-License-Identifier: Apache-2.0
// One file's text to what it is: its language by name, its tree, its kind by what the tree looks
// like. Pure; any thread, so that files are read side by side.
#pragma once

#include "readiness/facts.hpp"

#include <string>

namespace deployctl::readiness {

inline constexpr const char* unrecognised = "other";

/// A file that nobody asks about has the kind `unrecognised` and an empty tree.
AssessedFile read_file(std::string path, std::string text);

}  // namespace deployctl::readiness
