// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/printable.hpp"

#include <algorithm>

namespace deployctl::plugins::kubectl {

namespace {

constexpr std::size_t longest_line = 1024;
constexpr char escape = '\x1b';

/// How many bytes an escape sequence takes at the beginning of the text: "ESC [ 3 1 m", or ESC and
/// one more.
std::size_t escape_length(std::string_view text) {
    if (text.size() < 2 || text[1] != '[') {
        return std::min<std::size_t>(text.size(), 2);
    }
    const auto end =
        std::find_if(text.begin() + 2, text.end(), [](char c) { return c >= '@' && c <= '~'; });
    return static_cast<std::size_t>(end - text.begin()) + (end == text.end() ? 0 : 1);
}

unsigned char byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

std::size_t wanted_length(unsigned char lead) {
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead >= 0xf5) {
        return 0;
    }
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/// The second byte of a character is bound by the first: no overlong form, no surrogate, nothing
/// past U+10FFFF.
bool may_follow(unsigned char lead, unsigned char second) {
    switch (lead) {
        case 0xe0: return second >= 0xa0;
        case 0xed: return second < 0xa0;
        case 0xf0: return second >= 0x90;
        case 0xf4: return second < 0x90;
        default: return true;
    }
}

/// The bytes of the character at the beginning of the text; 0 where it is no UTF-8.
std::size_t character_length(std::string_view text) {
    const auto lead = byte_at(text, 0);
    const auto length = wanted_length(lead);
    if (length <= 1) {
        return length;
    }
    if (length > text.size() || !may_follow(lead, byte_at(text, 1))) {
        return 0;
    }
    const auto rest = text.substr(1, length - 1);
    const bool continues = std::ranges::all_of(rest, [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    });
    return continues ? length : 0;
}

bool is_control(std::string_view character) {
    const auto lead = byte_at(character, 0);
    const bool c1 = lead == 0xc2 && byte_at(character, 1) < 0xa0;
    return lead < 0x20 || lead == 0x7f || c1;
}

}  // namespace

std::string printable_line(std::string_view line) {
    std::string clean;
    while (!line.empty()) {
        if (line[0] == escape) {
            line.remove_prefix(escape_length(line));
            continue;
        }
        const auto length = character_length(line);
        const auto character = length == 0 ? std::string_view("?") : line.substr(0, length);
        if (clean.size() + character.size() > longest_line) {
            break;
        }
        if (line[0] == '\t') {
            clean += ' ';
        } else if (!is_control(character)) {
            clean += character;
        }
        line.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return clean;
}

std::vector<std::string> printable_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(printable_line(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

}  // namespace deployctl::plugins::kubectl
