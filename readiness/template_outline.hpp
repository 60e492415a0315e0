// SPDX-License-Identifier: Apache-2.0
// What can be seen of a Helm template without Helm: its keys and items as they stand in its lines,
// so that whatever was rendered of it can be told at a line. Directives are passed over; a value
// with one in it is unknown. Never fails: what fits nowhere is left out. Linear. Pure; any thread.
#pragma once

#include "documents/tree.hpp"

#include <string>
#include <string_view>

namespace deployctl::readiness {

/// Below a folder `templates`, with a directive in it.
bool is_template(std::string_view path, std::string_view text);

/// One root for each document that has a key; keys may stand twice, once for each branch.
documents::Tree outline_of_template(std::string text);

}  // namespace deployctl::readiness
