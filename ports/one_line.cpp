// SPDX-License-Identifier: Apache-2.0
#include "ports/one_line.hpp"

#include "model/text.hpp"

#include <algorithm>

namespace deployctl {

std::string one_line(std::string_view text, int longest) {
    std::string line(take_characters(text, longest));
    std::ranges::replace_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return line;
}

}  // namespace deployctl
