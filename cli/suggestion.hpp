// SPDX-License-Identifier: Apache-2.0
// The known word that somebody probably meant. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::cli {

/// Empty where none is near.
std::string closest(std::string_view word, const std::vector<std::string>& known);

}  // namespace deployctl::cli
