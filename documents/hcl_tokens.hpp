// SPDX-License-Identifier: Apache-2.0
// The parts of an expression of HCL that have to be understood to find its end: quoted texts with
// templates in them, heredocs, brackets. Each starts where the cursor stands and leaves it behind
// the part; what is broken makes the cursor fail. Nesting is bounded.
#pragma once

#include "documents/hcl_cursor.hpp"

#include <string>
#include <string_view>

namespace deployctl::documents {

constexpr int hcl_depth = 64;  ///< of brackets, blocks and templates within one another

/// A quoted text or a heredoc.
struct HclTemplate {
    std::string text;           ///< unescaped; what is filled in stays as it is written
    bool has_template = false;  ///< `${...}` or `%{...}`
};

/// From its quotation mark.
HclTemplate take_quoted(HclCursor& cursor, int depth = 0);
/// From its `<<`.
HclTemplate take_heredoc(HclCursor& cursor);
bool begins_heredoc(const HclCursor& cursor);
/// As written, up to a bracket or comma that is not its own; with `Lines::end` also to the end of
/// its line.
std::string_view take_expression(HclCursor& cursor, Lines lines);

}  // namespace deployctl::documents
