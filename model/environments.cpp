// SPDX-License-Identifier: Apache-2.0
#include "model/environments.hpp"

#include <algorithm>

namespace deployctl {

bool holds_in(const std::vector<std::string>& named, const std::string& environment) {
    return named.empty() || std::ranges::count(named, environment) > 0;
}

}  // namespace deployctl
