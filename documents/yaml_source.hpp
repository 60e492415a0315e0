// SPDX-License-Identifier: Apache-2.0
// The text of a file beside its name, so that a mistake can point into it. Columns count
// characters, not bytes, as an editor shows them. Looks at the text and does not own it: the text
// must live longer. Any thread.
#pragma once

#include "model/diagnostics.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::documents {

/// From 1; `width` is how many columns belong to it on its line.
struct YamlPlace {
    int line = 0;
    int column = 0;
    int width = 1;
};

class YamlSource {
public:
    YamlSource(std::string_view text, std::string file);

    /// The text without a byte order mark.
    std::string_view text() const { return text_; }

    /// Without its end; empty where there is no such line. Lines count from 1.
    std::string_view line(int number) const;
    /// What stands at a line and a byte of it, both from 0, up to the end of the line.
    std::string_view rest_of_line(int line, int byte) const;
    /// Everything from a line and a byte of it, both from 0.
    std::string_view from(int line, int byte) const;
    YamlPlace place(int line, int byte) const;
    YamlPlace place_of_offset(std::size_t offset) const;
    /// A mistake with place, width and excerpt filled in. Long lines are cut at 4096 bytes.
    Diagnostic mistake(const char* code, std::string message, YamlPlace at) const;

private:
    std::string_view text_;
    std::string file_;
    std::vector<std::size_t> starts_;
};

/// Where the first byte is that is no UTF-8, or a control character that YAML does not allow.
std::optional<std::size_t> find_bad_character(std::string_view text);
/// How many characters a UTF-8 text has.
int count_characters(std::string_view text);
}  // namespace deployctl::documents
