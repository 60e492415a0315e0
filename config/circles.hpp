// SPDX-License-Identifier: Apache-2.0
// Things that wait for one another in a circle. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace deployctl::config {

/// Each name with those that come before it.
using Needs = std::map<std::string, std::vector<std::string>>;

/// The names of one circle in order, its first again at the end; empty where there is none.
std::vector<std::string> find_circle(const Needs& needs);

}  // namespace deployctl::config
