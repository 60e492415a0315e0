// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml_text.hpp"

#include <algorithm>
#include <array>

namespace deployctl::documents {

namespace {

constexpr std::string_view no_yaml = "not YAML: ";

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

void append_utf8(std::string& out, char32_t character) {
    const auto part = [&](unsigned shift) {
        return static_cast<char>(0x80U | ((character >> shift) & 0x3FU));
    };
    if (character < 0x80) {
        out += static_cast<char>(character);
    } else if (character < 0x800) {
        out += static_cast<char>(0xC0U | (character >> 6U));
        out += part(0);
    } else if (character < 0x10000) {
        out += static_cast<char>(0xE0U | (character >> 12U));
        out += part(6);
        out += part(0);
    } else {
        out += static_cast<char>(0xF0U | (character >> 18U));
        out += part(12);
        out += part(6);
        out += part(0);
    }
}

bool is_surrogate(char32_t unit, char32_t first) {
    return unit >= first && unit < first + 0x400;
}

/// What is no good UTF-16 becomes a NUL, which YAML refuses.
std::string from_utf16(std::string_view text, std::size_t high_byte) {
    const auto unit_at = [&](std::size_t at) -> char32_t {
        const auto high = static_cast<unsigned char>(text[at + high_byte]);
        const auto low = static_cast<unsigned char>(text[at + 1 - high_byte]);
        return (static_cast<char32_t>(high) << 8U) | low;
    };
    std::string out;
    out.reserve(text.size() / 2);
    std::size_t at = 2;
    for (; at + 1 < text.size(); at += 2) {
        const auto unit = unit_at(at);
        const bool is_pair = is_surrogate(unit, 0xD800) && at + 3 < text.size() &&
                             is_surrogate(unit_at(at + 2), 0xDC00);
        if (is_pair) {
            at += 2;
            append_utf8(out, 0x10000 + ((unit - 0xD800) << 10U) + (unit_at(at) - 0xDC00));
        } else {
            append_utf8(out, unit >= 0xD800 && unit < 0xE000 ? 0 : unit);
        }
    }
    if (at != text.size()) {
        out += '\0';
    }
    return out;
}

std::uint32_t characters_in(std::string_view text) {
    return static_cast<std::uint32_t>(std::ranges::count_if(text, [](char one) {
        return !continues(one);
    }));
}

Spot spot_of_byte(std::string_view text, std::size_t byte) {
    const auto before = text.substr(0, byte);
    const auto start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto lines = static_cast<std::uint32_t>(std::ranges::count(before, '\n'));
    return {lines + 1, characters_in(before.substr(start)) + 1};
}

std::string hex(int value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto number = static_cast<unsigned>(value);
    std::string text = "0x";
    for (const auto shift : {12U, 8U, 4U, 0U}) {
        if (shift <= 4 || number >> shift != 0) {
            text += digits[(number >> shift) & 15U];
        }
    }
    return text;
}

YamlTrouble explain_bytes(const yaml_parser_t& parser, std::string_view text) {
    const auto spot = spot_of_byte(text, parser.problem_offset);
    const std::string_view problem = parser.problem;
    if (parser.problem_value == 0) {
        return {
            "no text: it has NUL bytes, as binary files have and UTF-16 without its mark", spot
        };
    }
    const bool is_control = problem.find("control") != problem.npos;
    return {
        (is_control ? "a control character that YAML does not allow: " : "no UTF-8 text: byte ") +
            hex(parser.problem_value),
        spot
    };
}

struct Meaning {
    std::string_view problem;
    std::string_view words;
};

constexpr std::array meanings{
    Meaning{"could not find expected ':'", "a line that is no `key: value`, in a map"},
    Meaning{"mapping values are not allowed in this context", "a `: ` inside of a value"},
    Meaning{"did not find expected key", "this does not fit into the map above it"},
    Meaning{"did not find expected '-' indicator", "this does not fit into the list above it"},
    Meaning{
        "block sequence entries are not allowed in this context",
        "a `- ` that begins no entry of a list"
    },
    Meaning{"did not find expected ',' or ']'", "a `,` or `]` is missing before this"},
    Meaning{"did not find expected ',' or '}'", "a `,` or `}` is missing before this"},
    Meaning{"found unexpected end of stream", "a quote that is never closed"},
    Meaning{"did not find expected node content", "a value is missing before this"},
    Meaning{"did not find expected <document start>", "this does not belong to what ends above it"},
    Meaning{
        "found character that cannot start any token",
        "a character with which no value begins, outside of quotes"
    },
};

/// From 0; empty where there is none.
std::string_view line_of(std::string_view text, std::size_t number) {
    for (; number > 0 && !text.empty(); --number) {
        const auto end = text.find('\n');
        text = end == text.npos ? std::string_view() : text.substr(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

/// Where a template begins in a line, which its own braces may have hidden as maps until something
/// else broke; line 0 where none does.
Spot find_template(std::string_view text, std::size_t line) {
    const auto whole = line_of(text, line);
    const auto at = whole.find("{{");
    return at == whole.npos
               ? Spot()
               : Spot{static_cast<std::uint32_t>(line + 1), characters_in(whole.substr(0, at)) + 1};
}

bool is_indented_by_tab(std::string_view text, std::size_t line) {
    const auto whole = line_of(text, line);
    return whole.substr(0, whole.find_first_not_of(" \t")).find('\t') != whole.npos;
}

}  // namespace

CharacterOffsets::CharacterOffsets(std::string_view text)
    : text_(text), is_ascii_(std::ranges::none_of(text, [](char byte) {
          return (static_cast<unsigned char>(byte) & 0x80U) != 0;
      })) {}

std::size_t CharacterOffsets::byte_of(std::size_t character) {
    if (is_ascii_) {
        return std::min(character, text_.size());
    }
    while (character_ < character && byte_ < text_.size()) {
        ++character_;
        do {
            ++byte_;
        } while (byte_ < text_.size() && continues(text_[byte_]));
    }
    while (character_ > character) {
        --character_;
        do {
            --byte_;
        } while (byte_ > 0 && continues(text_[byte_]));
    }
    return byte_;
}

std::string as_plain_utf8(std::string text) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.erase(0, 3);
    } else if (text.starts_with("\xFF\xFE")) {
        return from_utf16(text, 1);
    } else if (text.starts_with("\xFE\xFF")) {
        return from_utf16(text, 0);
    }
    return text;
}

Spot spot_of(const yaml_mark_t& mark) {
    return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

YamlTrouble explain(const yaml_parser_t& parser, std::string_view text) {
    if (parser.error == YAML_READER_ERROR) {
        return explain_bytes(parser, text);
    }
    if (parser.error == YAML_MEMORY_ERROR || parser.problem == nullptr) {
        return {"not enough memory to read it", {1, 1}};
    }
    const std::string_view problem = parser.problem;
    const auto at = spot_of(parser.problem_mark);
    const auto from = parser.context == nullptr ? at : spot_of(parser.context_mark);
    for (const auto line : {at.line, from.line}) {
        if (const auto found = find_template(text, line - 1); found.line > 0) {
            return {std::string(template_words), found};
        }
    }
    if (is_indented_by_tab(text, parser.problem_mark.line)) {
        return {std::string(no_yaml) + "a tab, where only spaces may indent", at};
    }
    const auto known = std::ranges::find(meanings, problem, &Meaning::problem);
    const bool is_unclosed = problem == "found unexpected end of stream";
    return {
        std::string(no_yaml) + std::string(known == meanings.end() ? problem : known->words),
        is_unclosed ? from : at
    };
}

}  // namespace deployctl::documents
