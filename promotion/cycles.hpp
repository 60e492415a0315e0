// SPDX-License-Identifier: Apache-2.0
// Names that need each other. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace deployctl::promotion {

using Needs = std::map<std::string, std::vector<std::string>>;

/// "a", "b", "a": the first cycle; empty where there is none. What is needed and has no needs of
/// its own need not be in the map.
std::vector<std::string> find_cycle(const Needs& needs);
/// Each behind what it needs, else by name. Without cycles.
std::vector<std::string> in_order(const Needs& needs);

}  // namespace deployctl::promotion
