// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_expression.hpp"

#include "documents/hcl_tokens.hpp"

#include <string>

namespace deployctl::readiness {

namespace {

using documents::HclCursor;
using documents::Lines;
using documents::Node;
using documents::NodeKind;

constexpr std::size_t longest_text = 64U << 10U;
constexpr int deepest = 32;

std::optional<bool> flag_of(const Node& node) {
    if (!node.is_scalar() || (node.text != "true" && node.text != "false")) {
        return std::nullopt;
    }
    return node.text == "true";
}

class Evaluation {
public:
    Evaluation(std::string_view text, const LookUp& look_up, documents::Tree& tree)
        : cursor_(text), look_up_(look_up), tree_(tree) {}

    std::optional<Node> whole() {
        auto value = choice();
        skip();
        return cursor_.at_end() && cursor_.mistake().what.empty() ? value : std::nullopt;
    }

private:
    void skip() { cursor_.skip_blanks(Lines::go_on); }

    bool take(std::string_view wanted) {
        skip();
        for (std::size_t at = 0; at < wanted.size(); ++at) {
            if (cursor_.peek(at) != wanted[at]) {
                return false;
            }
        }
        cursor_.step(wanted.size());
        return true;
    }

    Node flag(bool value) const { return tree_.scalar({}, value ? "true" : "false"); }

    std::optional<Node> choice() {
        if (++depth_ > deepest) {
            return std::nullopt;
        }
        const auto condition = comparison();
        if (!condition || !take("?")) {
            return condition;
        }
        const auto first = choice();
        if (!first || !take(":")) {
            return std::nullopt;
        }
        const auto second = choice();
        const auto holds = flag_of(*condition);
        if (!second || !holds) {
            return std::nullopt;
        }
        return *holds ? first : second;
    }

    std::optional<Node> comparison() {
        const auto left = operand();
        if (!left) {
            return std::nullopt;
        }
        const bool equal = take("==");
        if (!equal && !take("!=")) {
            return left;
        }
        const auto right = operand();
        if (!right || !left->is_scalar() || !right->is_scalar()) {
            return std::nullopt;
        }
        return flag((left->text == right->text) == equal);
    }

    std::optional<Node> operand() {
        skip();
        if (++depth_ > deepest) {
            return std::nullopt;
        }
        if (take("!")) {
            const auto inner = operand();
            const auto value = inner ? flag_of(*inner) : std::nullopt;
            return value ? std::optional(flag(!*value)) : std::nullopt;
        }
        if (take("(")) {
            auto inner = choice();
            return take(")") ? inner : std::nullopt;
        }
        if (cursor_.peek() == '"') {
            return text();
        }
        if (cursor_.peek() >= '0' && cursor_.peek() <= '9') {
            return number();
        }
        return reference();
    }

    std::optional<Node> number() {
        const auto begin = cursor_.mark();
        while ((cursor_.peek() >= '0' && cursor_.peek() <= '9') || cursor_.peek() == '.') {
            cursor_.step();
        }
        return tree_.scalar({}, cursor_.since(begin));
    }

    /// Neither escapes nor `%{`: those would have to be understood.
    bool at_plain_character(const std::string& before) const {
        const char c = cursor_.peek();
        const bool is_directive = c == '%' && cursor_.peek(1) == '{';
        const bool is_escape = c == '\\' || (c == '$' && cursor_.peek(1) == '$');
        return !cursor_.at_end() && !is_escape && !is_directive && before.size() <= longest_text;
    }

    std::optional<Node> text() {
        cursor_.step();
        const auto begin = cursor_.mark();
        std::string filled;
        while (!cursor_.take('"')) {
            if (!at_plain_character(filled)) {
                return std::nullopt;
            }
            if (cursor_.peek() != '$' || cursor_.peek(1) != '{') {
                filled += cursor_.peek();
                cursor_.step();
                continue;
            }
            const bool is_first = cursor_.since(begin).empty();
            const auto part = filled_in();
            if (part && is_first && cursor_.take('"')) {
                return part;
            }
            if (!part || !part->is_scalar()) {
                return std::nullopt;
            }
            filled += part->text;
        }
        return tree_.scalar({}, tree_.keep(filled), NodeKind::quoted);
    }

    std::optional<Node> filled_in() {
        cursor_.step(2);
        auto value = choice();
        return take("}") ? value : std::nullopt;
    }

    std::optional<Node> reference() {
        const auto of = cursor_.take_name();
        if (of == "null") {
            return tree_.scalar({}, of, NodeKind::null);
        }
        if (cursor_.take('.')) {
            const auto name = cursor_.take_name();
            return within(look_up_(of, name));
        }
        const auto literal = tree_.scalar({}, of);
        return flag_of(literal) ? std::optional(literal) : std::nullopt;
    }

    /// The part that the rest of the reference leads to.
    std::optional<Node> within(std::optional<Node> value) {
        while (value) {
            const auto key = step_key();
            if (!key) {
                return value;
            }
            if (value->is_unknown() || key->empty()) {
                return std::nullopt;
            }
            const auto* const entry = value->find(*key);
            const Node item = entry == nullptr ? value->at(*key) : entry->value;
            value = item.exists() ? std::optional(item) : std::nullopt;
        }
        return std::nullopt;
    }

    /// ".name", "[0]" or "[\"name\"]"; empty where it is something else.
    std::optional<std::string_view> step_key() {
        if (cursor_.take('.')) {
            return cursor_.take_name();
        }
        if (!cursor_.take('[')) {
            return std::nullopt;
        }
        const auto begin = cursor_.mark();
        while (!cursor_.at_end() && cursor_.peek() != ']') {
            cursor_.step();
        }
        auto key = cursor_.since(begin);
        cursor_.take(']');
        const bool is_text = key.size() >= 2 && key.front() == '"' && key.back() == '"';
        const bool is_number = !key.empty() && key.find_first_not_of("0123456789") == key.npos;
        if (is_text) {
            key = key.substr(1, key.size() - 2);
        }
        return (is_text && key.find_first_of("\"$%\\/") == key.npos) || is_number
                   ? key
                   : std::string_view();
    }

    HclCursor cursor_;
    const LookUp& look_up_;
    documents::Tree& tree_;
    int depth_ = 0;
};

}  // namespace

std::optional<Node> evaluate_terraform(
    std::string_view text, const LookUp& look_up, documents::Tree& tree
) {
    return Evaluation(text, look_up, tree).whole();
}

}  // namespace deployctl::readiness
