// SPDX-License-Identifier: Apache-2.0
// Enums by the texts that `to_text` gives them. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace deployctl {

/// The one of these whose text it is; nothing where it is none's.
template <class Enum, std::size_t N>
std::optional<Enum> read_name(std::string_view text, const std::array<Enum, N>& all) {
    for (const auto one : all) {
        if (text == to_text(one)) {
            return one;
        }
    }
    return std::nullopt;
}

}  // namespace deployctl
