// SPDX-License-Identifier: Apache-2.0
// Inside of documents/: a YAML text as libyaml counts it, in characters, and as memory has it, in
// bytes; and what libyaml complains of, in words for a person. Pure; one thread each.
#pragma once

#include "documents/tree.hpp"

#include <string>
#include <string_view>
#include <yaml.h>

namespace deployctl::documents {

/// Finds bytes by the number of their character; cheap where the numbers move a little at a time.
class CharacterOffsets {
public:
    explicit CharacterOffsets(std::string_view text);

    std::size_t byte_of(std::size_t character);

private:
    std::string_view text_;
    bool is_ascii_;
    std::size_t character_ = 0;
    std::size_t byte_ = 0;
};

/// UTF-8 without a byte order mark, of that or of UTF-16 with one.
std::string as_plain_utf8(std::string text);

inline constexpr std::string_view template_words =
    "a template (`{{ }}`), and no YAML before it is rendered";

struct YamlTrouble {
    std::string what;
    Spot spot;
};

/// Of a parser that has just failed.
YamlTrouble explain(const yaml_parser_t& parser, std::string_view text);

Spot spot_of(const yaml_mark_t& mark);

}  // namespace deployctl::documents
