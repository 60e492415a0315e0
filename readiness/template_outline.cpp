// SPDX-License-Identifier: Apache-2.0
#include "readiness/template_outline.hpp"

#include <algorithm>
#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;
using documents::Spot;
using documents::Tree;

constexpr int most_levels = 64;

/// The begin of an item, or a key with what stands behind it.
struct Token {
    enum class Kind { item, key, text, next_document } kind{};
    std::size_t indent = 0;
    std::string_view key;
    std::string_view value;  ///< empty: it stands below
    Spot spot;
    Spot value_spot;
};

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    const auto end = text.find_last_not_of(" \t\r");
    return begin == text.npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

std::string_view without_quotes(std::string_view text) {
    const bool is_quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
                           text.back() == text.front();
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// Lines to tokens.
class Scanning {
public:
    explicit Scanning(std::string_view text) : rest_(text) {}

    std::vector<Token> all() {
        while (!rest_.empty()) {
            const auto line = rest_.substr(0, rest_.find('\n'));
            rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
            ++number_;
            take(line);
        }
        return std::move(tokens_);
    }

private:
    void take(std::string_view line) {
        const auto words = trimmed(line);
        const bool was_inside = is_inside_;
        const auto open = line.rfind("{{");
        const auto shut = line.rfind("}}");
        const bool opens = open != line.npos && (shut == line.npos || shut < open);
        is_inside_ = opens || (is_inside_ && shut == line.npos);
        const auto end = words.find("}}");
        const bool is_directive =
            words.starts_with("{{") && (end == words.npos || end + 2 >= words.size());
        if (was_inside || is_directive || words.empty() || words.starts_with('#')) {
            return;
        }
        if (line.starts_with("---")) {
            tokens_.push_back({Token::Kind::next_document, 0, {}, {}, {}, {}});
            return;
        }
        take_words(line, static_cast<std::size_t>(words.data() - line.data()));
    }

    Spot spot(std::size_t at) const { return {number_, static_cast<std::uint32_t>(at + 1)}; }

    void take_words(std::string_view line, std::size_t at) {
        int levels = 0;
        for (; line.substr(at).starts_with("- ") || line.substr(at) == "-"; ++levels) {
            if (levels > most_levels) {
                return;
            }
            tokens_.push_back({Token::Kind::item, at, {}, {}, spot(at), spot(at)});
            const auto next = line.find_first_not_of(" \t\r", at + 1);
            if (next == line.npos) {
                return;
            }
            at = next;
        }
        const auto words = trimmed(line.substr(at));
        const auto colon = end_of_key(words);
        if (colon == words.npos) {
            tokens_.push_back({Token::Kind::text, at, {}, words, spot(at), spot(at)});
            return;
        }
        const auto value = trimmed(words.substr(colon + 1));
        const auto value_at =
            value.empty() ? at : static_cast<std::size_t>(value.data() - line.data());
        tokens_.push_back(
            {Token::Kind::key,
             at,
             without_quotes(words.substr(0, colon)),
             value,
             spot(at),
             spot(value_at)}
        );
    }

    /// Of "image: {{ .Values.a }}:{{ .b }}" the first, of "{{ .key }}: x" the one behind it.
    static std::size_t end_of_key(std::string_view words) {
        std::size_t from = 0;
        if (words.starts_with("{{")) {
            const auto shut = words.find("}}");
            from = shut == words.npos ? words.size() : shut;
        }
        for (auto at = words.find(':', from); at != words.npos; at = words.find(':', at + 1)) {
            if (at + 1 == words.size() || words[at + 1] == ' ') {
                return at;
            }
        }
        return words.npos;
    }

    std::string_view rest_;
    std::uint32_t number_ = 0;
    bool is_inside_ = false;  ///< of a directive that began on a line before
    std::vector<Token> tokens_;
};

/// Tokens to nodes, by their indent.
class Building {
public:
    Building(Tree& tree, const std::vector<Token>& tokens) : tree_(tree), tokens_(tokens) {}

    void all() {
        while (at_ < tokens_.size()) {
            const bool begins = tokens_[at_].kind == Token::Kind::key;
            if (begins) {
                tree_.add_root(block(tokens_[at_].indent, 0));
            }
            // What is left of a document that has begun fits nowhere.
            while (begins && goes_on(0)) {
                ++at_;
            }
            ++at_;
        }
    }

private:
    bool goes_on(std::size_t indent) const {
        return at_ < tokens_.size() && tokens_[at_].kind != Token::Kind::next_document &&
               tokens_[at_].indent >= indent;
    }

    Node block(std::size_t indent, int level) {
        return tokens_[at_].kind == Token::Kind::item ? list(indent, level) : map(indent, level);
    }

    Node list(std::size_t indent, int level) {
        const auto begin = tokens_[at_].spot;
        std::vector<Node> items;
        while (goes_on(indent)) {
            const auto& token = tokens_[at_];
            if (token.indent == indent && token.kind != Token::Kind::item) {
                break;  // a key beside a list that is not indented
            }
            ++at_;
            if (token.indent == indent) {
                items.push_back(below(token, level));
            }
        }
        return tree_.list(begin, items);
    }

    Node map(std::size_t indent, int level) {
        const auto begin = tokens_[at_].spot;
        std::vector<NodeEntry> entries;
        while (goes_on(indent)) {
            const auto& token = tokens_[at_];
            if (token.indent == indent && token.kind == Token::Kind::item) {
                break;
            }
            ++at_;
            if (token.indent == indent && token.kind == Token::Kind::key) {
                entries.push_back({token.key, token.spot, value_of(token, level)});
            }
        }
        return tree_.map(begin, entries);
    }

    Node value_of(const Token& token, int level) {
        if (!token.value.empty() && token.value.front() != '|' && token.value.front() != '>') {
            return scalar(token.value, token.value_spot);
        }
        return below(token, level);
    }

    Node scalar(std::string_view value, Spot spot) const {
        const auto comment = value.find(" #");
        const auto words = trimmed(value.substr(0, comment));
        return value.find("{{") == value.npos ? tree_.scalar(spot, without_quotes(words))
                                              : tree_.scalar(spot, value, NodeKind::unknown);
    }

    /// What belongs to a token: whatever stands deeper, or a list that stands as deep as its key.
    Node below(const Token& owner, int level) {
        const bool is_list_beside = at_ < tokens_.size() && owner.kind == Token::Kind::key &&
                                    tokens_[at_].kind == Token::Kind::item &&
                                    tokens_[at_].indent == owner.indent;
        if (level < most_levels && (is_list_beside || goes_on(owner.indent + 1))) {
            const auto& first = tokens_[at_];
            if (first.kind == Token::Kind::text) {
                ++at_;
                return scalar(first.value, first.spot);
            }
            return block(first.indent, level + 1);
        }
        return tree_.scalar(owner.spot, {}, NodeKind::unknown);
    }

    Tree& tree_;
    const std::vector<Token>& tokens_;
    std::size_t at_ = 0;
};

}  // namespace

bool is_template(std::string_view path, std::string_view text) {
    const bool is_below = path.starts_with("templates/") || path.find("/templates/") != path.npos;
    return is_below && text.find("{{") != text.npos;
}

Tree outline_of_template(std::string text) {
    Tree tree(std::move(text));
    const auto tokens = Scanning(tree.source()).all();
    Building(tree, tokens).all();
    return tree;
}

}  // namespace deployctl::readiness
