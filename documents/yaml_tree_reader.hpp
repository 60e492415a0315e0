// SPDX-License-Identifier: Apache-2.0
// YAML, and JSON with it, to a Tree: many files of strangers, fast. Reads by libyaml, of which the
// reader in kubectl is a translation, so both take the same texts. Aliases are expanded without a
// copy and `<<` merged; a tagged value (`!Ref x`) is unknown. Pure; any thread; never throws for
// what a text says. yaml.hpp reads a text of our own and tells all of its mistakes.
#pragma once

#include "documents/tree.hpp"

#include <string>

namespace deployctl::documents {

struct YamlTreeLimits {
    static constexpr std::size_t bytes = 4U << 20U;
    static constexpr std::size_t depth = 100;
    static constexpr std::size_t nodes = 500'000;
    static constexpr std::size_t expanded_nodes = 100'000;  ///< what aliases may stand for
};

struct YamlTreeText {
    Tree tree;            ///< one root a document, up to the one with the trouble
    std::string trouble;  ///< why it could not be read on, for a person; empty: it was read
    Spot spot;
};

/// In UTF-8, or in UTF-16 that begins with its byte order mark.
YamlTreeText read_yaml_tree(std::string text);

}  // namespace deployctl::documents
