// SPDX-License-Identifier: Apache-2.0
// What of deploy.yaml holds in some environments alone. Pure; any thread.
#pragma once

#include <string>
#include <vector>

namespace deployctl {

/// Among those that are named; where none is, in all.
bool holds_in(const std::vector<std::string>& named, const std::string& environment);

}  // namespace deployctl
