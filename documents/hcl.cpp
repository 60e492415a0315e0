// SPDX-License-Identifier: Apache-2.0
#include "documents/hcl.hpp"

#include "documents/hcl_tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace deployctl::documents {

namespace {

/// What a body has under one name.
struct Named {
    NodeEntry entry;
    std::vector<Node> blocks;
    bool is_attribute = false;
};

/// In the order of the text, each name once.
class Names {
public:
    Named& at(std::string_view name, Spot spot) {
        const auto [found, is_new] = numbers_.try_emplace(name, names_.size());
        if (is_new) {
            names_.push_back({{name, spot, {}}, {}, false});
        }
        return names_[found->second];
    }

    std::vector<NodeEntry> entries(Tree& tree) {
        std::vector<NodeEntry> result;
        result.reserve(names_.size());
        for (auto& named : names_) {
            if (!named.blocks.empty()) {
                named.entry.value = joined(tree, named);
            }
            result.push_back(named.entry);
        }
        return result;
    }

private:
    /// Blocks that are made by an expression may be none at all: alone they are not known.
    static Node joined(Tree& tree, const Named& named) {
        const bool none_stands_there =
            std::all_of(named.blocks.begin(), named.blocks.end(), [](const Node& block) {
                return block.is_unknown();
            });
        return none_stands_there ? named.blocks.front()
                                 : tree.list(named.blocks.front().spot, named.blocks);
    }

    std::vector<Named> names_;
    std::unordered_map<std::string_view, std::size_t> numbers_;
};

class Reader {
public:
    explicit Reader(Tree& tree, std::string_view text) : tree_(tree), cursor_(text) {}

    HclCursor& cursor() { return cursor_; }

    Node file() {
        const Node root = body({}, 0);
        if (!cursor_.at_end()) {
            cursor_.fail("this `}` closes nothing", cursor_.spot());
        }
        return root;
    }

    Node expression(Lines lines, int depth) {
        const auto begin = cursor_.mark();
        const auto value = literal(depth);
        cursor_.skip_blanks(lines);
        if (value && ends_here()) {
            return count(*value);
        }
        cursor_.back(begin);
        const auto written = take_expression(cursor_, lines);
        if (written.empty()) {
            cursor_.fail("a value is missing here", begin.spot);
        }
        return count(tree_.scalar(begin.spot, written, NodeKind::unknown));
    }

private:
    bool ends_here() const {
        static constexpr std::string_view ends = "\n)]},";
        return cursor_.at_end() || ends.find(cursor_.peek()) != ends.npos;
    }

    const Node& count(const Node& node) {
        if (++nodes_ > HclLimits::nodes) {
            cursor_.fail("more than " + std::to_string(HclLimits::nodes) + " values", node.spot);
        }
        return node;
    }

    bool too_deep(int depth) {
        if (depth >= hcl_depth) {
            cursor_.fail("nested too deeply", cursor_.spot());
        }
        return depth >= hcl_depth;
    }

    /// Of a file, or of a block up to its `}`.
    Node body(const std::vector<Node>& labels, int depth) {
        const auto spot = cursor_.spot();
        Names names;
        if (!labels.empty()) {
            names.at(hcl_labels, labels.front().spot).entry.value =
                tree_.list(labels.front().spot, labels);
        }
        cursor_.skip_blanks(Lines::go_on);
        while (!cursor_.at_end() && cursor_.peek() != '}') {
            item(names, depth);
            cursor_.skip_blanks(Lines::go_on);
        }
        return tree_.map(spot, names.entries(tree_));
    }

    void item(Names& names, int depth) {
        const auto begin = cursor_.mark();
        const auto name = cursor_.take_name();
        if (name.empty()) {
            cursor_.fail("the name of an attribute or a block is expected here", begin.spot);
            return;
        }
        cursor_.skip_blanks(Lines::end);
        if (cursor_.peek() == '=' && cursor_.peek(1) != '=') {
            attribute(names.at(name, begin.spot), begin.spot);
        } else if (cursor_.peek() == ':') {
            cursor_.fail("`:` stands where an attribute has `=`", cursor_.spot());
        } else {
            block(names, name, begin, depth);
        }
        cursor_.skip_blanks(Lines::end);
        if (!cursor_.at_end() && cursor_.peek() != '\n' && cursor_.peek() != '}') {
            cursor_.fail("the line should end here", cursor_.spot());
        }
    }

    void attribute(Named& named, Spot spot) {
        if (named.is_attribute) {
            cursor_.fail("`" + std::string(named.entry.key) + "` is set twice", spot);
            return;
        }
        cursor_.step();
        cursor_.skip_blanks(Lines::end);
        named.is_attribute = true;
        named.entry.value = expression(Lines::end, 0);
    }

    void block(Names& names, std::string_view type, const HclCursor::Mark& begin, int depth) {
        std::vector<Node> labels = take_labels();
        if (!cursor_.take('{')) {
            cursor_.fail("`=` or `{` is expected here", cursor_.spot());
        }
        if (too_deep(depth)) {
            return;
        }
        const auto opened = cursor_.spot();
        Node block = body(labels, depth + 1);
        if (!cursor_.take('}')) {
            cursor_.fail(
                "the block `" + std::string(type) + "` that begins here is never closed", begin.spot
            );
            return;
        }
        block.spot = begin.spot;
        if (depth > 0 && type == std::string_view("dynamic") && !labels.empty()) {
            block = tree_.scalar(begin.spot, cursor_.since(begin), NodeKind::unknown);
            type = labels.front().text;
        }
        names.at(type, opened).blocks.push_back(count(block));
    }

    std::vector<Node> take_labels() {
        std::vector<Node> labels;
        while (!cursor_.at_end()) {
            const auto begin = cursor_.mark();
            if (cursor_.peek() == '"') {
                labels.push_back(quoted());
            } else if (const auto name = cursor_.take_name(); !name.empty()) {
                labels.push_back(tree_.scalar(begin.spot, name, NodeKind::quoted));
            } else {
                break;
            }
            count(labels.back());
            cursor_.skip_blanks(Lines::end);
        }
        return labels;
    }

    /// A value that stands there, or nothing: it has to be computed.
    std::optional<Node> literal(int depth) {
        const char c = cursor_.peek();
        const auto spot = cursor_.spot();
        if (c == '"') {
            return quoted();
        }
        if (begins_heredoc(cursor_)) {
            const auto begin = cursor_.mark();
            return text_of(take_heredoc(cursor_), begin);
        }
        if (c == '[') {
            return list(depth);
        }
        if (c == '{') {
            return object(depth);
        }
        if (const auto number = take_number(); !number.empty()) {
            return tree_.scalar(spot, number);
        }
        return word(depth);
    }

    Node quoted() {
        const auto begin = cursor_.mark();
        return text_of(take_quoted(cursor_), begin);
    }

    Node text_of(const HclTemplate& read, const HclCursor::Mark& begin) {
        return read.has_template
                   ? tree_.scalar(begin.spot, cursor_.since(begin), NodeKind::unknown)
                   : tree_.scalar(begin.spot, tree_.keep(read.text), NodeKind::quoted);
    }

    bool is_digit(std::size_t ahead) const {
        return cursor_.peek(ahead) >= '0' && cursor_.peek(ahead) <= '9';
    }

    /// Behind `before`.
    bool continues_number(char before) const {
        switch (cursor_.peek()) {
            case '.': return is_digit(1);
            case '-':
            case '+': return before == 'e' || before == 'E';
            case 'e':
            case 'E': return true;
            default: return is_digit(0);
        }
    }

    std::string_view take_number() {
        const auto begin = cursor_.mark();
        if (is_digit(0) || (cursor_.peek() == '-' && is_digit(1))) {
            cursor_.step();
        }
        while (!cursor_.since(begin).empty() && continues_number(cursor_.since(begin).back())) {
            cursor_.step();
        }
        return cursor_.since(begin);
    }

    /// `true`, `null`, or a function that changes the form of a value only.
    std::optional<Node> word(int depth) {
        static constexpr std::array<std::string_view, 6> forms = {
            "jsonencode", "toset", "tolist", "tomap", "sensitive", "tostring"
        };
        static constexpr std::array<std::string_view, 2> flags = {"true", "false"};
        static constexpr std::string_view null = "null";
        const auto spot = cursor_.spot();
        const auto name = cursor_.take_name();
        if (std::find(flags.begin(), flags.end(), name) != flags.end()) {
            return tree_.scalar(spot, name);
        }
        if (name == null) {
            return tree_.scalar(spot, name, NodeKind::null);
        }
        if (std::find(forms.begin(), forms.end(), name) == forms.end() || !cursor_.take('(') ||
            too_deep(depth)) {
            return std::nullopt;
        }
        cursor_.skip_blanks(Lines::go_on);
        const auto inner = expression(Lines::go_on, depth + 1);
        cursor_.skip_blanks(Lines::go_on);
        return cursor_.take(')') ? std::optional(inner) : std::nullopt;
    }

    /// Behind an opening bracket: whether a `for` makes what is in it.
    bool is_made() {
        const auto begin = cursor_.mark();
        cursor_.skip_blanks(Lines::go_on);
        const auto name = cursor_.take_name();
        cursor_.skip_blanks(Lines::go_on);
        static constexpr std::string_view word = "for";
        static constexpr std::string_view behind_a_key = "=:,]}.([";
        const bool made = name == word && behind_a_key.find(cursor_.peek()) == behind_a_key.npos;
        cursor_.back(begin);
        return made;
    }

    std::optional<Node> list(int depth) {
        const auto spot = cursor_.spot();
        cursor_.step();
        if (too_deep(depth) || is_made()) {
            return std::nullopt;
        }
        std::vector<Node> items;
        cursor_.skip_blanks(Lines::go_on);
        while (!cursor_.take(']')) {
            items.push_back(expression(Lines::go_on, depth + 1));
            cursor_.skip_blanks(Lines::go_on);
            if (!cursor_.take(',') && cursor_.peek() != ']') {
                cursor_.fail(
                    "this list needs `,` or `]`", cursor_.at_end() ? spot : cursor_.spot()
                );
                return std::nullopt;
            }
            cursor_.skip_blanks(Lines::go_on);
        }
        return tree_.list(spot, items);
    }

    std::optional<Node> object(int depth) {
        const auto spot = cursor_.spot();
        cursor_.step();
        if (too_deep(depth) || is_made()) {
            return std::nullopt;
        }
        std::vector<NodeEntry> entries;
        cursor_.skip_blanks(Lines::go_on);
        while (!cursor_.take('}')) {
            entries.push_back(object_entry(depth));
            cursor_.skip_blanks(Lines::end);
            if (!cursor_.take(',') && cursor_.peek() != '}' && cursor_.peek() != '\n') {
                cursor_.fail(
                    "this object needs `,`, `}` or a new line",
                    cursor_.at_end() ? spot : cursor_.spot()
                );
                return std::nullopt;
            }
            cursor_.skip_blanks(Lines::go_on);
        }
        return tree_.map(spot, entries);
    }

    NodeEntry object_entry(int depth) {
        const auto begin = cursor_.mark();
        NodeEntry entry{{}, begin.spot, {}};
        if (cursor_.peek() == '"') {
            entry.key = quoted().text;
        } else if (cursor_.take('(')) {
            take_expression(cursor_, Lines::go_on);
            cursor_.take(')');
            entry.key = cursor_.since(begin);
        } else if (entry.key = take_number(); entry.key.empty()) {
            entry.key = cursor_.take_name();
        }
        cursor_.skip_blanks(Lines::end);
        if (cursor_.since(begin).empty() || (!cursor_.take('=') && !cursor_.take(':'))) {
            cursor_.fail("`=` is expected behind the key of an object", cursor_.spot());
        }
        cursor_.skip_blanks(Lines::end);
        entry.value = expression(Lines::end, depth + 1);
        return entry;
    }

    Tree& tree_;
    HclCursor cursor_;
    std::size_t nodes_ = 0;
};

}  // namespace

HclText read_hcl(std::string text) {
    if (text.size() > HclLimits::bytes) {
        return {Tree(), "larger than " + std::to_string(HclLimits::bytes >> 20U) + " MiB", {1, 1}};
    }
    HclText result{Tree(std::move(text)), {}, {}};
    Reader reader(result.tree, result.tree.source());
    const auto root = reader.file();
    result.mistake = reader.cursor().mistake().what;
    result.spot = reader.cursor().mistake().spot;
    if (result.mistake.empty()) {
        result.tree.add_root(root);
    }
    return result;
}

Node read_hcl_expression(std::string_view text, Tree& tree) {
    const auto kept = tree.keep(text);
    Reader reader(tree, kept);
    const auto value = reader.expression(Lines::go_on, 0);
    const bool is_whole = reader.cursor().mistake().what.empty() && reader.cursor().at_end();
    return is_whole ? value : tree.scalar({}, kept, NodeKind::unknown);
}

}  // namespace deployctl::documents
