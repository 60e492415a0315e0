// SPDX-License-Identifier: Apache-2.0
#include "cli/output/style.hpp"

#include "cli/output/utf8.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

constexpr std::string_view reset = "\033[0m";

const char* code_of(Tone tone) {
    switch (tone) {
        case Tone::plain: return "";
        case Tone::strong: return "\033[1m";
        case Tone::dim: return "\033[2m";
        case Tone::good: return "\033[32m";
        case Tone::bad: return "\033[1;31m";
        case Tone::warning: return "\033[33m";
        case Tone::stable: return "\033[34m";
        case Tone::candidate: return "\033[38;5;208m";
    }
    return "";
}

struct SignLook {
    const char* shape;
    const char* ascii;
    Tone tone;
};

SignLook look_of(Sign which) {
    switch (which) {
        case Sign::done: return {"✓", "+", Tone::good};
        case Sign::failed: return {"✗", "x", Tone::bad};
        case Sign::running: return {"▸", ">", Tone::strong};
        case Sign::waiting: return {"·", ".", Tone::dim};
        case Sign::attention: return {"!", "!", Tone::warning};
        case Sign::unknown: return {"?", "?", Tone::warning};
        case Sign::back: return {"↩", "<", Tone::warning};
    }
    return {"", "", Tone::plain};
}

/// The length of the colour sequence that begins at `at`; 0 where none does.
std::size_t colour_length(std::string_view text, std::size_t at) {
    if (text.substr(at, 2) != "\033[") {
        return 0;
    }
    const auto end = text.find('m', at);
    return end == std::string_view::npos ? 0 : end - at + 1;
}

}  // namespace

std::string paint(const Style& style, Tone tone, std::string_view text) {
    if (!style.colour || tone == Tone::plain || text.empty()) {
        return std::string(text);
    }
    return code_of(tone) + std::string(text) + std::string(reset);
}

std::string sign(const Style& style, Sign which) {
    const auto look = look_of(which);
    return paint(style, look.tone, style.ascii ? look.ascii : look.shape);
}

const char* arrow(const Style& style) {
    return style.ascii ? "->" : "→";
}

const char* dot(const Style& style) {
    return style.ascii ? "-" : "·";
}

int columns_of(std::string_view text) {
    int columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (const auto length = colour_length(text, at); length > 0) {
            at += length;
            continue;
        }
        const auto letter = read_letter(text, at);
        columns += width_of(letter.code);
        at += letter.bytes;
    }
    return columns;
}

std::string fit(const Style& style, std::string_view text, int columns) {
    if (columns_of(text) <= columns) {
        return std::string(text);
    }
    const std::string_view ending = style.ascii ? "..." : "…";
    const int room = std::max(0, columns - columns_of(ending));
    std::string fitted;
    bool is_painted = false;
    int used = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (const auto length = colour_length(text, at); length > 0) {
            const auto sequence = text.substr(at, length);
            is_painted = sequence != reset;
            fitted += sequence;
            at += length;
            continue;
        }
        const auto letter = read_letter(text, at);
        if (used + width_of(letter.code) > room) {
            break;
        }
        used += width_of(letter.code);
        fitted += text.substr(at, letter.bytes);
        at += letter.bytes;
    }
    fitted += columns >= columns_of(ending) ? ending : "";
    return is_painted ? fitted + std::string(reset) : fitted;
}

std::string pad(std::string text, int columns) {
    const auto missing = columns - columns_of(text);
    return missing > 0 ? text + std::string(static_cast<std::size_t>(missing), ' ') : text;
}

std::string table(
    const Style& style, const std::vector<std::vector<std::string>>& rows, Folding folding
) {
    std::vector<int> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], columns_of(row[column]));
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            const bool is_last = column + 1 == row.size();
            line += is_last ? row[column] : pad(row[column], widths[column] + 2);
        }
        const auto end = line.find_last_not_of(' ');
        line.resize(end == std::string::npos ? 0 : end + 1);
        text += (folding == Folding::none ? line : fit(style, line, style.width)) + "\n";
    }
    return text;
}

}  // namespace deployctl::cli
