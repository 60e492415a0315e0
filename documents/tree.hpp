// SPDX-License-Identifier: Apache-2.0
// A document of any language (YAML, HCL, Dockerfile, Makefile) as one tree that remembers where
// everything stood: small nodes in one arena, texts mostly views into the source. A Tree owns all
// of it; nodes and texts live as long as it does, and do not move. Built once, then read by any
// number of threads. Scalars keep their text; whoever knows the key knows the type.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::documents {

/// Line and column from 1, in characters as an editor counts them; 0 where nothing is known.
struct Spot {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

enum class NodeKind : std::uint8_t {
    null,
    plain,   ///< a scalar that its language may type: `true`, `3`, `web`
    quoted,  ///< a scalar that is a text, whatever it looks like
    list,
    map,
    unknown,  ///< an expression whose value is not known here: `var.size` without a default
};

/// `true`, `yes`, `on` and their opposites in YAML 1.1, as kubectl reads them; nothing of all else.
std::optional<bool> read_flag(std::string_view text);

struct NodeEntry;

struct Node {
    NodeKind kind = NodeKind::null;
    /// Which text the spot is in, for whoever joins several: 0 is that of the tree itself.
    std::uint32_t source = 0;
    Spot spot;
    std::string_view text;  ///< of a scalar, unescaped; of what is unknown, as it is written
    std::span<const Node> items;
    std::span<const NodeEntry> entries;  ///< in the order of the text

    bool is_scalar() const { return kind == NodeKind::plain || kind == NodeKind::quoted; }

    bool is_map() const { return kind == NodeKind::map; }

    bool is_list() const { return kind == NodeKind::list; }

    bool is_unknown() const { return kind == NodeKind::unknown; }

    /// Neither there nor null.
    bool exists() const { return kind != NodeKind::null; }

    /// The last entry with this key, as YAML 1.1 readers take it, or null.
    const NodeEntry* find(std::string_view key) const;
    /// "spec/template/metadata/labels/a~1b": keys of maps and numbers of items, "/" in a key as
    /// "~1". A shared null where there is nothing.
    const Node& at(std::string_view path) const;
    /// The fallback where `path` leads to no scalar.
    std::string_view text_at(std::string_view path, std::string_view fallback = {}) const;
    /// True where a plain scalar at `path` is true.
    bool flag_at(std::string_view path) const;
};

struct NodeEntry {
    std::string_view key;
    Spot spot;
    Node value;
};

class Tree {
public:
    /// Of a file's text, which nodes may point into.
    explicit Tree(std::string source);

    Tree() : Tree(std::string()) {}

    Tree(Tree&&) noexcept = default;
    Tree& operator=(Tree&&) noexcept = default;

    std::string_view source() const { return *source_; }

    /// A copy that lives as long as the tree.
    std::string_view keep(std::string_view text);

    Node scalar(Spot spot, std::string_view text, NodeKind kind = NodeKind::plain) const;
    Node list(Spot spot, const std::vector<Node>& items);
    Node map(Spot spot, const std::vector<NodeEntry>& entries);

    /// One root a document of the text.
    void add_root(const Node& node) { roots_.push_back(node); }

    const std::vector<Node>& roots() const { return roots_; }

private:
    std::unique_ptr<const std::string> source_;  ///< does not move with the tree
    std::unique_ptr<std::pmr::monotonic_buffer_resource> arena_;
    std::vector<Node> roots_;
};

}  // namespace deployctl::documents
