// SPDX-License-Identifier: Apache-2.0
// How text looks: colour, signs, width. A state is always told by sign, word and colour together.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::cli {

struct Style {
    bool colour = false;
    bool ascii = false;
    int width = 80;
};

enum class Tone { plain, strong, dim, good, bad, warning, stable, candidate };
std::string paint(const Style& style, Tone tone, std::string_view text);

enum class Sign { done, failed, running, waiting, attention, unknown, back };
/// The sign, in its colour.
std::string sign(const Style& style, Sign which);
/// "→" or "->".
const char* arrow(const Style& style);
/// "·" or "-".
const char* dot(const Style& style);

/// Text of others, safe for a terminal: no control characters, no escape sequences, no marks that
/// turn the direction of writing; what is no UTF-8 becomes "?". Tabs become blanks.
std::string printable(std::string_view text);
/// Columns on the screen; colours take none.
int columns_of(std::string_view text);
/// At most so many columns, ending in "…" where something was cut off; colours are closed.
std::string fit(const Style& style, std::string_view text, int columns);
std::string pad(std::string text, int columns);

/// Columns as wide as their widest cell; the last one is fitted to the style's width where
/// `Folding` says so.
enum class Folding { none, last_column };
std::string table(
    const Style& style, const std::vector<std::vector<std::string>>& rows, Folding folding
);

}  // namespace deployctl::cli
