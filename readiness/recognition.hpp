// SPDX-License-Identifier: Apache-2.0
// One file's text to what it is: its language by name, its tree, its kind by what the tree looks
// like. Pure; any thread, so that files are read side by side.
#pragma once

#include "readiness/facts.hpp"

#include <string>

namespace deployctl::readiness {

inline constexpr const char* unrecognised = "other";

/// The kind of a file that could not be read, and is not known by its name alone either.
inline constexpr const char* unreadable = "unreadable";

/// A file that nobody asks about, or that is empty, has the kind `unrecognised` and an empty tree.
AssessedFile read_file(std::string path, std::string text);
/// One that gives no text.
AssessedFile unread_file(std::string path, std::string why);

}  // namespace deployctl::readiness
