// SPDX-License-Identifier: Apache-2.0
// HCL, the language of Terraform, to a tree. A body, of a file or of a block, is a map of its
// attributes and, under each type of block, the list of the blocks of that type; labels are the
// first entry of a block, `@labels`, a name that no attribute can have. Values that stand there are
// scalars, lists and maps; whatever has to be computed is unknown, with its text as it is written
// (why by hand: docs/adr/0018-hcl-is-read-by-hand.md). Pure; any thread. Text from strangers is
// expected: what is broken, too large or too deep becomes a mistake with its place, never an
// exception.
#pragma once

#include "documents/tree.hpp"

#include <string>
#include <string_view>

namespace deployctl::documents {

struct HclLimits {
    static constexpr std::size_t bytes = 16U << 20U;
    static constexpr std::size_t nodes = 500'000;
};

constexpr std::string_view hcl_labels = "@labels";

struct HclText {
    Tree tree;            ///< one root, or with a mistake none
    std::string mistake;  ///< empty where all is well
    Spot spot;
};

HclText read_hcl(std::string text);

/// The value of one expression, kept in `tree`; unknown where it has to be computed or is broken.
Node read_hcl_expression(std::string_view text, Tree& tree);

}  // namespace deployctl::documents
