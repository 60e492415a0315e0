// SPDX-License-Identifier: Apache-2.0
// Names of files, as inputs ask for them, beside those of kustomize.hpp. Pure; any thread.
#pragma once

#include "readiness/kustomize.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

std::vector<std::string_view> parts_of(std::string_view path);
std::string in_lower_case(std::string_view text);

}  // namespace deployctl::readiness
