// SPDX-License-Identifier: Apache-2.0
// Text of strangers (logs, messages of the server) made safe for a terminal and for JSON. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::plugins::kubectl {

/// Without escape sequences and control characters, in valid UTF-8, at most 1 KiB.
std::string printable_line(std::string_view line);
/// Each line made printable.
std::vector<std::string> printable_lines(std::string_view text);

}  // namespace deployctl::plugins::kubectl
