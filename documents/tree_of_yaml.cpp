// SPDX-License-Identifier: Apache-2.0
#include "documents/tree_of_yaml.hpp"

#include "documents/yaml_documents.hpp"

#include <iterator>
#include <utility>

namespace deployctl::documents {

namespace {

Spot spot_of(const YamlPlace& place) {
    return {static_cast<std::uint32_t>(place.line), static_cast<std::uint32_t>(place.column)};
}

Node copied(Tree& tree, const YamlNode& node) {
    const auto spot = spot_of(node.place);
    if (node.kind == YamlKind::list) {
        std::vector<Node> items;
        for (const auto& item : node.items) {
            items.push_back(copied(tree, item));
        }
        return tree.list(spot, items);
    }
    if (node.kind == YamlKind::map) {
        std::vector<NodeEntry> entries;
        for (const auto& entry : node.entries) {
            entries.push_back(
                {tree.keep(entry.key), spot_of(entry.place), copied(tree, entry.value)}
            );
        }
        return tree.map(spot, entries);
    }
    const auto kind = node.kind == YamlKind::null     ? NodeKind::null
                      : node.kind == YamlKind::quoted ? NodeKind::quoted
                                                      : NodeKind::plain;
    return tree.scalar(spot, tree.keep(node.text), kind);
}

}  // namespace

Tree tree_of_yaml(std::string text, Diagnostics& diagnostics) {
    constexpr std::size_t most = 100'000;
    Tree tree(std::move(text));
    auto read = read_documents(YamlSource(tree.source(), ""), most);
    for (const auto& root : read.roots) {
        tree.add_root(copied(tree, root));
    }
    diagnostics.insert(
        diagnostics.end(),
        std::make_move_iterator(read.diagnostics.begin()),
        std::make_move_iterator(read.diagnostics.end())
    );
    return tree;
}

}  // namespace deployctl::documents
