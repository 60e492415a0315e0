// SPDX-License-Identifier: Apache-2.0
#include "documents/tree.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace deployctl::documents {

namespace {

/// Trees of many small files are held at once, so a tree begins with what its text may need.
std::size_t first_block(const std::string& source) {
    constexpr std::size_t least = 256;
    return source.size() + least;
}

const Node& nothing() {
    static const Node node;
    return node;
}

std::string unescaped(std::string_view key) {
    std::string text;
    for (std::size_t at = 0; at < key.size(); ++at) {
        if (key[at] == '~' && at + 1 < key.size() && (key[at + 1] == '1' || key[at + 1] == '0')) {
            text += key[++at] == '1' ? '/' : '~';
        } else {
            text += key[at];
        }
    }
    return text;
}

const Node& child(const Node& node, std::string_view key) {
    if (node.is_list()) {
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
        const bool fits = error == std::errc() && end == key.data() + key.size();
        return fits && number < node.items.size() ? node.items[number] : nothing();
    }
    const auto* entry = node.find(key.find('~') == key.npos ? key : unescaped(key));
    return entry == nullptr ? nothing() : entry->value;
}

template <class T>
std::span<const T> copied(std::pmr::memory_resource& arena, const std::vector<T>& items) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena destroys nothing");
    if (items.empty()) {
        return {};
    }
    auto* const begin = static_cast<T*>(arena.allocate(items.size() * sizeof(T), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), begin);
    return {begin, items.size()};
}

}  // namespace

std::optional<bool> read_flag(std::string_view text) {
    using Words = std::array<std::string_view, 11>;
    static constexpr Words yes = {
        "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"
    };
    static constexpr Words no = {
        "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"
    };
    if (std::find(yes.begin(), yes.end(), text) != yes.end()) {
        return true;
    }
    return std::find(no.begin(), no.end(), text) != no.end() ? std::optional(false) : std::nullopt;
}

const NodeEntry* Node::find(std::string_view key) const {
    const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](const NodeEntry& entry) {
        return entry.key == key;
    });
    return found == entries.rend() ? nullptr : &*found;
}

const Node& Node::at(std::string_view path) const {
    const Node* node = this;
    while (!path.empty() && node->exists() && !node->is_unknown()) {
        const auto slash = path.find('/');
        node = &child(*node, path.substr(0, slash));
        path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
    }
    return *node;
}

std::string_view Node::text_at(std::string_view path, std::string_view fallback) const {
    const auto& node = at(path);
    return node.is_scalar() ? node.text : fallback;
}

bool Node::flag_at(std::string_view path) const {
    const auto& node = at(path);
    return node.kind == NodeKind::plain && read_flag(node.text).value_or(false);
}

Tree::Tree(std::string source)
    : source_(std::make_unique<const std::string>(std::move(source))),
      arena_(std::make_unique<std::pmr::monotonic_buffer_resource>(first_block(*source_))) {}

std::string_view Tree::keep(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    auto* const copy = static_cast<char*>(arena_->allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

Node Tree::scalar(Spot spot, std::string_view text, NodeKind kind) const {
    Node node;
    node.kind = kind;
    node.spot = spot;
    node.text = text;
    return node;
}

Node Tree::list(Spot spot, const std::vector<Node>& items) {
    Node node;
    node.kind = NodeKind::list;
    node.spot = spot;
    node.items = copied(*arena_, items);
    return node;
}

Node Tree::map(Spot spot, const std::vector<NodeEntry>& entries) {
    Node node;
    node.kind = NodeKind::map;
    node.spot = spot;
    node.entries = copied(*arena_, entries);
    return node;
}

}  // namespace deployctl::documents
