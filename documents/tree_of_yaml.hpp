// SPDX-License-Identifier: Apache-2.0
// The documents of a YAML text, as read by the slow and thorough reader, as a Tree. Pure; any
// thread.
#pragma once

#include "documents/tree.hpp"
#include "documents/yaml.hpp"

namespace deployctl::documents {

/// One root a document; `diagnostics` says what could not be read.
Tree tree_of_yaml(std::string text, Diagnostics& diagnostics);

}  // namespace deployctl::documents
