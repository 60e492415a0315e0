// SPDX-License-Identifier: Apache-2.0
// Strangers' words, for a verdict. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace deployctl {

/// At most so many characters, control characters as blanks.
std::string one_line(std::string_view text, int longest = 300);

}  // namespace deployctl
