// SPDX-License-Identifier: Apache-2.0
// UTF-8, one letter after the other, and how wide a letter is on a terminal. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace deployctl::cli {

struct Letter {
    char32_t code = 0;
    std::size_t bytes = 1;
    bool is_valid = false;
};

/// The letter that begins at `at`; one invalid byte where none does.
Letter read_letter(std::string_view text, std::size_t at);
/// 0 for marks that combine, 2 for East Asian wide letters and pictures, else 1.
int width_of(char32_t code);

}  // namespace deployctl::cli
