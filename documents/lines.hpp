// SPDX-License-Identifier: Apache-2.0
// What the readers of line-wise texts (Makefiles, scripts, prose) share: a text cut into lines, and
// why a text is none. Pure; any thread; views into the text that is given.
#pragma once

#include "documents/tree.hpp"

#include <string_view>
#include <vector>

namespace deployctl::documents {

struct TextLimits {
    static constexpr std::size_t bytes = 4U << 20U;
    static constexpr std::size_t lines = 100'000;
};

/// Why this is no text that is read here ("is not text"); empty where it is one.
std::string_view why_unreadable(std::string_view text);
/// Without their ends, be they LF or CR LF, and without a byte order mark.
std::vector<std::string_view> split_lines(std::string_view text);
/// Both count from 0.
Spot spot_in(std::string_view line, std::size_t number, std::size_t byte);

std::string_view trim(std::string_view text);
/// Cut at white space, which is nowhere in the words.
std::vector<std::string_view> split_words(std::string_view text);
bool is_name_character(char byte);

/// Prose, CODEOWNERS, cron tables: a map whose `lines` are all lines, empty ones as well.
Tree read_lines(std::string text);

}  // namespace deployctl::documents
