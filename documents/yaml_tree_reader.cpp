// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml_tree_reader.hpp"

#include "documents/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

namespace deployctl::documents {

namespace {

/// A node and what it weighs: how many nodes it stands for, and how deep they lie.
struct Weighed {
    Node node;
    std::size_t nodes = 1;
    std::size_t height = 0;
};

/// A list or map that is being read. Taken again for the next one of its depth, so that its
/// vectors grow once.
struct Frame {
    Weighed made;
    std::string anchor;
    std::vector<Node> items;
    std::vector<NodeEntry> entries;
    std::optional<Node> merged;  ///< the value of `<<`
    NodeEntry pending;           ///< whose key is there, and its value is not
    enum class Expects { key, value, bases } expects{};
    bool is_tagged = false;
};

struct Event {
    Event() = default;

    ~Event() { yaml_event_delete(&data); }

    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    yaml_event_t data{};
};

std::string_view view(const yaml_char_t* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

bool is_null(std::string_view text) {
    static constexpr std::array<std::string_view, 4> words = {"~", "null", "Null", "NULL"};
    return text.empty() || std::ranges::find(words, text) != words.end();
}

/// A tag of somebody's own, whose meaning only its program knows.
bool is_own_tag(std::string_view tag) {
    return tag.size() > 1 && tag[0] == '!';
}

NodeKind kind_of(std::string_view tag, yaml_scalar_style_t style, std::string_view text) {
    constexpr std::string_view standard = "tag:yaml.org,2002:";
    if (tag.starts_with(standard)) {
        const auto type = tag.substr(standard.size());
        if (type == "null") {
            return NodeKind::null;
        }
        return type == "str" || type == "binary" ? NodeKind::quoted : NodeKind::plain;
    }
    if (style != YAML_PLAIN_SCALAR_STYLE || !tag.empty()) {
        return NodeKind::quoted;
    }
    return is_null(text) ? NodeKind::null : NodeKind::plain;
}

/// The entry that repeats a key, or null.
const NodeEntry* find_repeated(const std::vector<NodeEntry>& entries) {
    constexpr std::size_t few = 16;
    if (entries.size() <= few) {
        for (auto one = entries.begin(); one != entries.end(); ++one) {
            if (std::find_if(entries.begin(), one, [&](const NodeEntry& before) {
                    return before.key == one->key;
                }) != one) {
                return &*one;
            }
        }
        return nullptr;
    }
    std::vector<const NodeEntry*> sorted;
    sorted.reserve(entries.size());
    for (const auto& entry : entries) {
        sorted.push_back(&entry);
    }
    std::ranges::stable_sort(sorted, {}, &NodeEntry::key);
    const auto pair = std::ranges::adjacent_find(sorted, {}, &NodeEntry::key);
    return pair == sorted.end() ? nullptr : *(pair + 1);
}

class TreeReader {
public:
    explicit TreeReader(Tree& tree) : tree_(tree), offsets_(tree.source()) {}

    /// False where there is trouble, and no more to be read.
    bool take(const yaml_event_t& event) {
        switch (event.type) {
            case YAML_DOCUMENT_START_EVENT: anchors_.clear(); return true;
            case YAML_SCALAR_EVENT: return take_scalar(event);
            case YAML_ALIAS_EVENT: return take_alias(event);
            case YAML_SEQUENCE_START_EVENT: {
                const auto& start = event.data.sequence_start;
                return open(event, NodeKind::list, view(start.anchor), view(start.tag));
            }
            case YAML_MAPPING_START_EVENT: {
                const auto& start = event.data.mapping_start;
                return open(event, NodeKind::map, view(start.anchor), view(start.tag));
            }
            case YAML_SEQUENCE_END_EVENT:
            case YAML_MAPPING_END_EVENT: return close(event);
            default: return true;
        }
    }

    YamlTrouble take_trouble() { return std::move(trouble_); }

private:
    bool fail(std::string what, Spot spot) {
        trouble_ = {std::move(what), spot};
        return false;
    }

    bool fail_over(std::size_t limit, const char* what, Spot spot) {
        return fail("more than " + std::to_string(limit) + what, spot);
    }

    bool count(Spot spot) {
        return ++nodes_ <= YamlTreeLimits::nodes ||
               fail_over(YamlTreeLimits::nodes, " values", spot);
    }

    std::string_view written(const yaml_mark_t& from, const yaml_mark_t& to) {
        const auto start = offsets_.byte_of(from.index);
        return tree_.source().substr(start, offsets_.byte_of(to.index) - start);
    }

    /// The source itself where the scalar stands there as it is, else a copy.
    std::string_view kept(std::string_view text, const yaml_event_t& event) {
        const auto style = event.data.scalar.style;
        const std::size_t quote =
            style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE
                ? 1
                : 0;
        const auto end = offsets_.byte_of(event.end_mark.index);
        if (end >= text.size() + quote) {
            const auto there = tree_.source().substr(end - quote - text.size(), text.size());
            if (there == text) {
                return there;
            }
        }
        return tree_.keep(text);
    }

    bool take_scalar(const yaml_event_t& event) {
        const auto& scalar = event.data.scalar;
        const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
        const auto tag = view(scalar.tag);
        Weighed made;
        made.node.spot = spot_of(event.start_mark);
        if (is_own_tag(tag)) {
            made.node.kind = NodeKind::unknown;
            made.node.text = written(event.start_mark, event.end_mark);
        } else {
            made.node.kind = kind_of(tag, scalar.style, text);
            made.node.text = made.node.exists() ? kept(text, event) : std::string_view();
        }
        return count(made.node.spot) && put(made, view(scalar.anchor));
    }

    bool take_alias(const yaml_event_t& event) {
        const auto name = view(event.data.alias.anchor);
        const auto spot = spot_of(event.start_mark);
        const auto found = anchors_.find(name);
        if (found == anchors_.end()) {
            return fail("an alias of an anchor that is not there: *" + std::string(name), spot);
        }
        auto copy = found->second;
        copy.node.spot = spot;
        expanded_ += copy.nodes;
        if (expanded_ > YamlTreeLimits::expanded_nodes) {
            return fail_over(
                YamlTreeLimits::expanded_nodes, " values that aliases stand for", spot
            );
        }
        if (depth_ + copy.height > YamlTreeLimits::depth) {
            return fail_over(YamlTreeLimits::depth, " levels, one in another", spot);
        }
        return put(copy, {});
    }

    bool open(
        const yaml_event_t& event, NodeKind kind, std::string_view anchor, std::string_view tag
    ) {
        const auto spot = spot_of(event.start_mark);
        if (depth_ == YamlTreeLimits::depth) {
            return fail_over(YamlTreeLimits::depth, " levels, one in another", spot);
        }
        if (depth_ == frames_.size()) {
            frames_.emplace_back();
        }
        auto& frame = frames_[depth_++];
        frame.made = {};
        frame.made.node.kind = kind;
        frame.made.node.spot = spot;
        frame.anchor = anchor;
        frame.items.clear();
        frame.entries.clear();
        frame.merged.reset();
        frame.expects = Frame::Expects::key;
        frame.is_tagged = is_own_tag(tag);
        // Of what is unknown the text begins here; it ends where the list or map does.
        frame.made.node.text = tree_.source().substr(offsets_.byte_of(event.start_mark.index));
        return count(spot);
    }

    bool close(const yaml_event_t& event) {
        auto& frame = frames_[--depth_];
        if (const auto* repeated = find_repeated(frame.entries)) {
            return fail("`" + std::string(repeated->key) + "` stands here twice", repeated->spot);
        }
        if (frame.merged && !merge(frame, *frame.merged)) {
            return false;
        }
        auto made = frame.made;
        const auto whole = made.node.text;
        const auto spot = made.node.spot;
        if (frame.is_tagged) {
            const auto end = tree_.source().substr(offsets_.byte_of(event.end_mark.index));
            made.node =
                tree_.scalar(spot, whole.substr(0, whole.size() - end.size()), NodeKind::unknown);
        } else {
            made.node = made.node.is_list() ? tree_.list(spot, frame.items)
                                            : tree_.map(spot, frame.entries);
        }
        return put(made, frame.anchor);
    }

    bool put(const Weighed& made, std::string_view anchor) {
        if (!anchor.empty()) {
            anchors_.insert_or_assign(std::string(anchor), made);
        }
        if (depth_ == 0) {
            tree_.add_root(made.node);
            return true;
        }
        auto& top = frames_[depth_ - 1];
        top.made.nodes += made.nodes;
        top.made.height = std::max(top.made.height, made.height + 1);
        if (top.made.node.is_list()) {
            top.items.push_back(made.node);
            return true;
        }
        return put_into_map(top, made.node);
    }

    bool put_into_map(Frame& top, const Node& node) {
        switch (std::exchange(top.expects, Frame::Expects::key)) {
            case Frame::Expects::key: return take_key(top, node);
            case Frame::Expects::bases:
                if (top.merged) {
                    return fail("`<<` stands here twice", top.pending.spot);
                }
                top.merged = node;
                return true;
            case Frame::Expects::value:
                top.pending.value = node;
                top.entries.push_back(top.pending);
                return true;
        }
        return true;
    }

    bool take_key(Frame& top, const Node& node) {
        if (!node.is_scalar()) {
            const auto& map = top.made.node;
            return map.text.starts_with("{{") ? fail(std::string(template_words), map.spot)
                                              : fail("a key that is no plain text", node.spot);
        }
        const bool merges = node.kind == NodeKind::plain && node.text == "<<";
        top.expects = merges ? Frame::Expects::bases : Frame::Expects::value;
        top.pending = {node.text, node.spot, {}};
        return true;
    }

    /// What the map itself says wins, then the earlier base.
    bool merge(Frame& frame, const Node& merged) {
        const std::span<const Node> bases =
            merged.is_list() ? merged.items : std::span<const Node>(&merged, 1);
        std::unordered_set<std::string_view> keys;
        for (const auto& entry : frame.entries) {
            keys.insert(entry.key);
        }
        for (const auto& base : bases) {
            if (!base.is_map()) {
                return fail("`<<` takes a map, or a list of maps", merged.spot);
            }
            for (const auto& entry : base.entries) {
                if (keys.insert(entry.key).second) {
                    frame.entries.push_back(entry);
                }
            }
        }
        return true;
    }

    Tree& tree_;
    CharacterOffsets offsets_;
    std::vector<Frame> frames_;
    std::size_t depth_ = 0;
    std::map<std::string, Weighed, std::less<>> anchors_;
    std::size_t nodes_ = 0;
    std::size_t expanded_ = 0;
    YamlTrouble trouble_;
};

class Parser {
public:
    explicit Parser(std::string_view text) {
        if (yaml_parser_initialize(&parser_) == 1) {
            yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
            yaml_parser_set_input_string(
                &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size()
            );
        }
    }

    ~Parser() { yaml_parser_delete(&parser_); }

    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    bool next(Event& event) { return yaml_parser_parse(&parser_, &event.data) == 1; }

    const yaml_parser_t& state() const { return parser_; }

private:
    yaml_parser_t parser_{};
};

YamlTrouble read_into(Tree& tree) {
    Parser parser(tree.source());
    TreeReader reader(tree);
    for (;;) {
        Event event;
        if (!parser.next(event)) {
            return explain(parser.state(), tree.source());
        }
        if (event.data.type == YAML_STREAM_END_EVENT) {
            return {};
        }
        if (!reader.take(event.data)) {
            return reader.take_trouble();
        }
    }
}

}  // namespace

YamlTreeText read_yaml_tree(std::string text) {
    if (text.size() > YamlTreeLimits::bytes) {
        return {
            Tree(), "larger than " + std::to_string(YamlTreeLimits::bytes >> 20U) + " MiB", {1, 1}
        };
    }
    YamlTreeText read{Tree(as_plain_utf8(std::move(text))), {}, {}};
    auto trouble = read_into(read.tree);
    read.trouble = std::move(trouble.what);
    read.spot = trouble.spot;
    return read;
}

}  // namespace deployctl::documents
