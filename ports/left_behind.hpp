// SPDX-License-Identifier: Apache-2.0
// A program that ended well while processes that it had started still ran: they are ended with it,
// and what they were at is not whole. A Process says so in the last line of the error output. Pure;
// any thread.
#pragma once

#include "ports/process.hpp"

#include <string_view>

namespace deployctl {

inline constexpr std::string_view left_behind =
    "its program ended and left processes behind that still ran; they were ended";

inline bool has_left_behind(const CommandResult& result) {
    std::string_view said = result.error_output;
    if (said.ends_with('\n')) {
        said.remove_suffix(1);
    }
    return said.ends_with(left_behind);
}

}  // namespace deployctl
