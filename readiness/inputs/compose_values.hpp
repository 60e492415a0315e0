// SPDX-License-Identifier: Apache-2.0
// Nodes of a compose file, copied into a tree with their variables put in: `${X:-y}` is y, `${X}`
// is unknown, `$$` is a dollar. Each copy remembers which file it is from. What merging multiplies
// is bounded by a budget, after which nodes are unknown. One thread.
#pragma once

#include "documents/tree.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// Nothing where a variable without a default is in it.
std::optional<std::string> compose_value(std::string_view text);

/// Split at colons that are in no `${...}` and no `[...]`.
std::vector<std::string_view> compose_parts(std::string_view text);

class ComposeTree {
public:
    /// The tree outlives it, and owns what it makes.
    explicit ComposeTree(documents::Tree& tree) : tree_(tree) {}

    /// Of the file with this number in Facts.
    void set_source(std::uint32_t source) { source_ = source; }

    documents::Node copy(const documents::Node& node);
    /// A text of `like`, with its place; its variables put in.
    documents::Node text(const documents::Node& like, std::string_view written);
    documents::Node word(const documents::Node& like, std::string_view text) const;
    documents::Node map(
        const documents::Node& like, const std::vector<documents::NodeEntry>& entries
    );
    documents::Node list(const documents::Node& like, const std::vector<documents::Node>& items);
    /// The same whatever the budget is: what tells which services there are is never lost.
    documents::Node frame(
        const documents::Node& like, const std::vector<documents::NodeEntry>& entries
    );
    documents::Node unknown(const documents::Node& like) const;
    /// The second over the first: maps by their keys, lists one after the other.
    documents::Node merged(
        std::string_view key, const documents::Node& base, const documents::Node& over
    );

private:
    bool spend(std::size_t nodes);
    documents::Node copy_map(const documents::Node& node);
    documents::Node merged_lists(const documents::Node& base, const documents::Node& over);
    documents::Node of_source(documents::Node node, const documents::Node& like) const;

    documents::Tree& tree_;
    std::uint32_t source_ = 0;
    std::size_t budget_ = 1'000'000;
};

}  // namespace deployctl::readiness
