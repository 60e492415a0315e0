// SPDX-License-Identifier: Apache-2.0
// The known word that somebody probably meant. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::cli {

/// Letters to insert, drop, change or swap to get from one to the other.
int edit_distance(std::string_view left, std::string_view right);
/// Empty where none is near: at most a third of its letters, and one at least, may be wrong.
std::string closest(std::string_view word, const std::vector<std::string>& known);

}  // namespace deployctl::cli
