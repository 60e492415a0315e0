// SPDX-License-Identifier: Apache-2.0
// What the table of keys has to say to somebody who wrote one that is not in it. Pure; any thread.
#pragma once

#include "config/keys.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::config {

/// Of this version, sorted.
std::vector<std::string_view> usable_names(const std::vector<const Key*>& keys);
/// "known here: every, expect, …".
std::string known_here(const std::vector<std::string_view>& names);
/// The one other place where a key of this name is at home; "" where there is none, or several.
std::string elsewhere(std::string_view name);
/// What a map at this path may begin with: "`{weight: 10}`".
std::string example_of_map(const std::string& path);

}  // namespace deployctl::config
