// SPDX-License-Identifier: Apache-2.0
// Texts of strangers in documents: what would be markup, or would turn the direction of writing, is
// taken away or written so that it is none. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace deployctl::readiness {

/// Valid UTF-8 without control characters and marks of direction; line ends become blanks.
std::string clean(std::string_view text);
/// For text and attributes of HTML and XML.
std::string escape_markup(std::string_view text);
/// For a sentence, or a cell of a table, of Markdown: no layout, no mention, no reference.
std::string escape_markdown(std::string_view text);
/// As code in a line, or in a cell of a table.
std::string markdown_code(std::string_view text);
/// For a relative address: each byte that is not plainly a letter of it as %20.
std::string escape_address(std::string_view path);

}  // namespace deployctl::readiness
