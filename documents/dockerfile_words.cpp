// SPDX-License-Identifier: Apache-2.0
#include "documents/dockerfile_words.hpp"

#include "documents/json.hpp"

#include <algorithm>
#include <cctype>

namespace deployctl::documents {

namespace {

constexpr int most_nesting = 8;
constexpr std::size_t longest_value = 16UL << 10U;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t end_of_word(std::string_view text, std::size_t at, char escape) {
    char quote = '\0';
    for (; at < text.size() && (quote != '\0' || !is_space(text[at])); ++at) {
        const char c = text[at];
        if (c == escape && quote != '\'' && at + 1 < text.size()) {
            ++at;
        } else if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        }
    }
    return std::min(at, text.size());
}

/// One word on its way to its value.
class Expander {
public:
    Expander(const DockerVariables& variables, DockerExpansion& expansion, int nesting)
        : variables_(variables), expansion_(expansion), nesting_(nesting) {}

    std::optional<std::string> run(std::string_view word) {
        text_ = word;
        while (at_ < text_.size() && known_) {
            take();
        }
        return known_ ? std::optional(std::move(value_)) : std::nullopt;
    }

private:
    void take() {
        const char c = text_[at_++];
        if (c == '\'' && quote_ != '"') {
            quote_ = quote_ == '\'' ? '\0' : '\'';
        } else if (quote_ == '\'') {
            value_ += c;
        } else if (c == '"') {
            quote_ = quote_ == '"' ? '\0' : '"';
        } else if (c == expansion_.escape) {
            take_escaped(c);
        } else if (c == '$') {
            take_variable();
        } else {
            value_ += c;
        }
    }

    void take_escaped(char escape) {
        if (at_ == text_.size()) {
            value_ += escape;
            return;
        }
        const char next = text_[at_++];
        if (quote_ == '"' && next != '"' && next != '$' && next != escape) {
            value_ += escape;
        }
        value_ += next;
    }

    void take_variable() {
        if (at_ < text_.size() && text_[at_] == '{') {
            take_braces();
            return;
        }
        const auto begin = at_;
        while (at_ < text_.size() && is_name(text_[at_])) {
            ++at_;
        }
        if (begin == at_) {
            value_ += '$';
            return;
        }
        add(value_of(text_.substr(begin, at_ - begin)));
    }

    void take_braces() {
        const auto end = closing_brace();
        if (end == text_.npos) {
            known_ = false;
            return;
        }
        const auto inside = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        const auto name_end = static_cast<std::size_t>(
            std::find_if_not(inside.begin(), inside.end(), is_name) - inside.begin()
        );
        add(modified(inside.substr(0, name_end), inside.substr(name_end)));
    }

    std::size_t closing_brace() const {
        int depth = 0;
        for (std::size_t at = at_; at < text_.size(); ++at) {
            if (text_[at] == expansion_.escape) {
                ++at;
            } else if (text_[at] == '{') {
                ++depth;
            } else if (text_[at] == '}' && --depth == 0) {
                return at;
            }
        }
        return text_.npos;
    }

    /// `:-`, `-`, `:+` and `+`; of patterns nothing is known.
    std::optional<std::string> modified(std::string_view name, std::string_view modifier) {
        const auto value = value_of(name);
        if (name.empty() || modifier.empty()) {
            return name.empty() ? std::nullopt : value;
        }
        const std::size_t colon = modifier.starts_with(':') ? 1 : 0;
        const bool filled = value.has_value() && (colon == 0 || !value->empty());
        const auto kind = modifier.substr(colon, 1);
        const auto word = modifier.substr(std::min(colon + 1, modifier.size()));
        if (kind == "-") {
            return filled ? value : nested(word);
        }
        if (kind == "+" && value.has_value()) {
            return filled ? nested(word) : std::string();
        }
        return std::nullopt;
    }

    std::optional<std::string> nested(std::string_view word) {
        if (nesting_ == most_nesting) {
            return std::nullopt;
        }
        return Expander(variables_, expansion_, nesting_ + 1).run(word);
    }

    std::optional<std::string> value_of(std::string_view name) const {
        const auto* const found = variables_.find(name);
        return found == nullptr ? std::nullopt : *found;
    }

    void add(const std::optional<std::string>& value) {
        known_ = value.has_value() && value->size() <= expansion_.budget &&
                 value_.size() + value->size() <= longest_value;
        if (known_) {
            expansion_.budget -= value->size();
            value_ += *value;
        }
    }

    const DockerVariables& variables_;
    DockerExpansion& expansion_;
    int nesting_;
    std::string_view text_;
    std::size_t at_ = 0;
    char quote_ = '\0';
    bool known_ = true;
    std::string value_;
};

}  // namespace

std::vector<DockerWord> docker_words(std::string_view text, char escape) {
    std::vector<DockerWord> words;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_space(text[at])) {
            const auto end = end_of_word(text, at, escape);
            words.push_back({at, text.substr(at, end - at)});
            at = end;
        }
    }
    return words;
}

std::optional<std::vector<std::string>> docker_list(std::string_view text) {
    if (text.empty() || text.front() != '[') {
        return std::nullopt;
    }
    const auto value = try_read_json(text);
    if (!value || !value->is_array()) {
        return std::nullopt;
    }
    std::vector<std::string> items;
    for (const auto& item : value->items()) {
        if (!item.is_string()) {
            return std::nullopt;
        }
        items.emplace_back(item.view(""));
    }
    return items;
}

void DockerVariables::set_argument(std::string_view name, Value value) {
    arguments_.insert_or_assign(std::string(name), std::move(value));
}

void DockerVariables::set_environment(std::string_view name, Value value) {
    environment_.insert_or_assign(std::string(name), std::move(value));
}

const DockerVariables::Value* DockerVariables::find(std::string_view name) const {
    for (const auto* scope = this; scope != nullptr; scope = scope->base_) {
        if (const auto found = scope->environment_.find(name); found != scope->environment_.end()) {
            return &found->second;
        }
        const auto own = arguments_.find(name);
        if (scope == this && own != arguments_.end()) {
            return &own->second;
        }
    }
    return nullptr;
}

std::optional<std::string> expand_docker_word(
    std::string_view word, const DockerVariables& variables, DockerExpansion& expansion
) {
    return Expander(variables, expansion, 0).run(word);
}

}  // namespace deployctl::documents
