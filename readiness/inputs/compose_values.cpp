// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/compose_values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;

constexpr int most_nesting = 8;

bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Where the brace that opens at `at` is closed.
std::size_t closing(std::string_view text, std::size_t at) {
    int depth = 0;
    for (; at < text.size(); ++at) {
        depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
        if (depth == 0) {
            return at;
        }
    }
    return text.npos;
}

std::optional<std::string> value_of(std::string_view text, int nesting);

/// Of what stands between the braces: only a default makes a value known.
std::optional<std::string> default_of(std::string_view inside, int nesting) {
    const auto end = static_cast<std::size_t>(
        std::find_if_not(inside.begin(), inside.end(), is_name) - inside.begin()
    );
    auto modifier = inside.substr(end);
    modifier.remove_prefix(modifier.starts_with(':') ? 1 : 0);
    if (end == 0 || !modifier.starts_with('-') || nesting == most_nesting) {
        return std::nullopt;
    }
    return value_of(modifier.substr(1), nesting + 1);
}

std::optional<std::string> value_of(std::string_view text, int nesting) {
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char next = at + 1 < text.size() ? text[at + 1] : '\0';
        if (text[at] != '$' || (next != '$' && next != '{' && !is_name(next))) {
            value += text[at];
        } else if (next == '$') {
            value += '$';
            ++at;
        } else if (next == '{') {
            const auto end = closing(text, at + 1);
            const auto part = end == text.npos
                                  ? std::nullopt
                                  : default_of(text.substr(at + 2, end - at - 2), nesting);
            if (!part) {
                return std::nullopt;
            }
            value += *part;
            at = end;
        } else {
            return std::nullopt;
        }
    }
    return value;
}

/// Lists that the later one replaces as a whole.
bool is_replaced(std::string_view key) {
    static constexpr std::array<std::string_view, 3> keys = {"command", "entrypoint", "test"};
    return std::ranges::find(keys, key) != keys.end();
}

}  // namespace

std::optional<std::string> compose_value(std::string_view text) {
    return value_of(text, 0);
}

std::vector<std::string_view> compose_parts(std::string_view text) {
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (c == ':' && depth <= 0) {
            parts.push_back(text.substr(begin, at - begin));
            begin = at + 1;
        }
    }
    parts.push_back(text.substr(begin));
    return parts;
}

bool ComposeTree::spend(std::size_t nodes) {
    const bool enough = nodes <= budget_;
    budget_ -= std::min(nodes, budget_);
    return enough;
}

Node ComposeTree::of_source(Node node, const Node& like) const {
    node.source = like.source == 0 ? source_ : like.source;
    return node;
}

Node ComposeTree::unknown(const Node& like) const {
    return of_source(tree_.scalar(like.spot, like.text, NodeKind::unknown), like);
}

Node ComposeTree::word(const Node& like, std::string_view text) const {
    return of_source(tree_.scalar(like.spot, text), like);
}

Node ComposeTree::text(const Node& like, std::string_view written) {
    const auto kind = like.is_scalar() ? like.kind : NodeKind::quoted;
    if (written.find('$') == written.npos) {
        return of_source(tree_.scalar(like.spot, written, kind), like);
    }
    const auto value = compose_value(written);
    if (!value || !spend(1)) {
        return of_source(tree_.scalar(like.spot, written, NodeKind::unknown), like);
    }
    return of_source(tree_.scalar(like.spot, tree_.keep(*value), kind), like);
}

Node ComposeTree::map(const Node& like, const std::vector<NodeEntry>& entries) {
    return spend(entries.size()) ? of_source(tree_.map(like.spot, entries), like) : unknown(like);
}

Node ComposeTree::frame(const Node& like, const std::vector<NodeEntry>& entries) {
    return of_source(tree_.map(like.spot, entries), like);
}

Node ComposeTree::list(const Node& like, const std::vector<Node>& items) {
    return spend(items.size()) ? of_source(tree_.list(like.spot, items), like) : unknown(like);
}

Node ComposeTree::copy(const Node& node) {
    if (node.is_map()) {
        return copy_map(node);
    }
    if (node.is_list()) {
        std::vector<Node> items;
        for (const auto& item : node.items) {
            items.push_back(copy(item));
        }
        return list(node, items);
    }
    return node.is_scalar() ? text(node, node.text) : of_source(node, node);
}

Node ComposeTree::copy_map(const Node& node) {
    std::vector<NodeEntry> entries;
    for (const auto& entry : node.entries) {
        entries.push_back({entry.key, entry.spot, copy(entry.value)});
    }
    return map(node, entries);
}

Node ComposeTree::merged(std::string_view key, const Node& base, const Node& over) {
    if (!over.exists()) {
        return base;
    }
    if (base.is_list() && over.is_list() && !is_replaced(key)) {
        return merged_lists(base, over);
    }
    if (!base.is_map() || !over.is_map()) {
        return over;
    }
    std::map<std::string_view, const Node*> below;
    for (const auto& entry : base.entries) {
        below[entry.key] = &entry.value;
    }
    std::vector<NodeEntry> entries;
    for (const auto& entry : over.entries) {
        entries.push_back(entry);
        if (const auto found = below.find(entry.key); found != below.end()) {
            entries.back().value = merged(entry.key, *found->second, entry.value);
            below.erase(found);
        }
    }
    for (const auto& entry : base.entries) {
        if (below.contains(entry.key)) {
            entries.push_back(entry);
        }
    }
    return map(over, entries);
}

/// A mount at the place of another takes it.
Node ComposeTree::merged_lists(const Node& base, const Node& over) {
    std::set<std::string_view> taken;
    for (const auto& item : over.items) {
        if (item.at("type").exists()) {
            taken.insert(item.text_at("target"));
        }
    }
    std::vector<Node> items;
    for (const auto& item : base.items) {
        if (!item.at("type").exists() || !taken.contains(item.text_at("target"))) {
            items.push_back(item);
        }
    }
    items.insert(items.end(), over.items.begin(), over.items.end());
    return list(over, items);
}

}  // namespace deployctl::readiness
