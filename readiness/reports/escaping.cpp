// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/escaping.hpp"

#include "documents/yaml_source.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace deployctl::readiness {

namespace {

/// U+200E, U+200F, U+202A to U+202E, U+2028, U+2029, U+2060 to U+206F.
bool turns_direction(std::string_view text) {
    if (text.size() < 3 || text[0] != '\xE2') {
        return false;
    }
    const auto middle = static_cast<unsigned char>(text[1]);
    const auto last = static_cast<unsigned char>(text[2]);
    const bool is_mark = middle == 0x80 && (last == 0x8E || last == 0x8F);
    const bool is_turn = middle == 0x80 && last >= 0xA8 && last <= 0xAE;
    return is_mark || is_turn || (middle == 0x81 && last >= 0xA0 && last <= 0xAF);
}

void append_clean(std::string& safe, std::string_view good) {
    for (std::size_t at = 0; at < good.size();) {
        const bool is_blank = good[at] == '\n' || good[at] == '\r' || good[at] == '\t';
        if (is_blank) {
            safe += ' ';
            ++at;
        } else if (turns_direction(good.substr(at))) {
            at += 3;
        } else {
            safe += good[at++];
        }
    }
}

}  // namespace

std::string clean(std::string_view text) {
    std::string safe;
    while (!text.empty()) {
        const auto bad = documents::find_bad_character(text);
        append_clean(safe, text.substr(0, bad.value_or(text.size())));
        if (!bad) {
            break;
        }
        safe += '?';
        text.remove_prefix(*bad + 1);
    }
    return safe;
}

std::string escape_markup(std::string_view text) {
    std::string safe;
    for (const char c : clean(text)) {
        switch (c) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            case '\'': safe += "&#39;"; break;
            default: safe += c;
        }
    }
    return safe;
}

std::string escape_markdown(std::string_view text) {
    constexpr std::string_view layout = "\\`*_[]|~!";
    std::string safe;
    for (const char c : clean(text)) {
        switch (c) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '@': safe += "&#64;"; break;
            case '#': safe += "&#35;"; break;
            case ':': safe += "&#58;"; break;  // else an address becomes a link by itself
            default: safe += layout.find(c) == std::string_view::npos ? "" : "\\"; safe += c;
        }
    }
    return safe;
}

std::string markdown_code(std::string_view text) {
    auto safe = clean(text);
    std::ranges::replace(safe, '`', '\'');
    std::string cell;
    for (const char c : safe) {
        cell += c == '|' ? "\\|" : std::string(1, c);
    }
    return cell.empty() ? "" : "`" + cell + "`";
}

std::string escape_address(std::string_view path) {
    constexpr std::string_view hexadecimal = "0123456789ABCDEF";
    std::string address;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain =
            byte < 0x80 && (std::isalnum(byte) != 0 ||
                            std::string_view("-._~/").find(c) != std::string_view::npos);
        if (is_plain) {
            address += c;
        } else {
            address += {'%', hexadecimal[byte / 16], hexadecimal[byte % 16]};
        }
    }
    return address;
}

}  // namespace deployctl::readiness
