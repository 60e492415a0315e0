// SPDX-License-Identifier: Apache-2.0
#include "cli/output/utf8.hpp"

#include "cli/output/style.hpp"

#include <algorithm>
#include <array>

namespace deployctl::cli {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

bool is_in(char32_t code, const auto& ranges) {
    return std::ranges::any_of(ranges, [code](const Range& range) {
        return code >= range.first && code <= range.last;
    });
}

constexpr std::array<Range, 6> combining{{
    {0x0300, 0x036f},
    {0x0483, 0x0489},
    {0x0591, 0x05bd},
    {0x200b, 0x200d},
    {0x20d0, 0x20ff},
    {0xfe00, 0xfe0f},
}};
constexpr std::array<Range, 8> wide{{
    {0x1100, 0x115f},
    {0x2e80, 0x303e},
    {0x3041, 0xa4cf},
    {0xac00, 0xd7a3},
    {0xf900, 0xfaff},
    {0xff00, 0xff60},
    {0x1f300, 0x1f64f},
    {0x20000, 0x3fffd},
}};
/// Control characters, and marks that change the direction of writing.
constexpr std::array<Range, 6> unsafe{{
    {0x00, 0x1f},
    {0x7f, 0x9f},
    {0x200e, 0x200f},
    {0x2028, 0x202e},
    {0x2066, 0x2069},
    {0xfeff, 0xfeff},
}};

/// Past the escape sequence that begins at `at`: CSI to its last letter, OSC to its end, else two
/// bytes.
std::size_t after_escape(std::string_view text, std::size_t at) {
    if (at + 1 >= text.size()) {
        return text.size();
    }
    if (text[at + 1] == '[') {
        auto end = at + 2;
        while (end < text.size() && (text[end] < '@' || text[end] > '~')) {
            ++end;
        }
        return std::min(end + 1, text.size());
    }
    if (text[at + 1] == ']') {
        const auto bell = text.find('\a', at);
        const auto terminator = text.find("\033\\", at + 2);
        const auto end = std::min(bell, terminator);
        return end == std::string_view::npos ? text.size() : end + (end == bell ? 1 : 2);
    }
    return at + 2;
}

/// Of a letter that begins with this byte; 0 where none does.
std::size_t length_after(unsigned char first) {
    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }
    return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

}  // namespace

Letter read_letter(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80) {
        return {first, 1, true};
    }
    const auto bytes = length_after(first);
    if (bytes == 0 || at + bytes > text.size()) {
        return {};
    }
    char32_t code = first & (0x7fU >> bytes);
    for (std::size_t next = 1; next < bytes; ++next) {
        const auto byte = static_cast<unsigned char>(text[at + next]);
        if ((byte & 0xc0) != 0x80) {
            return {};
        }
        code = (code << 6U) | (byte & 0x3fU);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    return {code, bytes, code >= smallest[bytes] && code <= 0x10ffff && !is_surrogate};
}

int width_of(char32_t code) {
    if (is_in(code, combining)) {
        return 0;
    }
    return is_in(code, wide) ? 2 : 1;
}

std::string printable(std::string_view text) {
    std::string safe;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\033') {
            at = after_escape(text, at);
            continue;
        }
        const auto letter = read_letter(text, at);
        if (!letter.is_valid) {
            safe += '?';
        } else if (letter.code == '\t' || letter.code == '\n') {
            safe += ' ';
        } else if (!is_in(letter.code, unsafe)) {
            safe += text.substr(at, letter.bytes);
        }
        at += letter.bytes;
    }
    return safe;
}

}  // namespace deployctl::cli
