// SPDX-License-Identifier: Apache-2.0
#include "documents/script.hpp"

#include "documents/lines.hpp"
#include "documents/script_lines.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace deployctl::documents {

namespace {

struct Strictness {
    std::string_view name;
    char letter;
};

constexpr std::array<Strictness, 4> strictnesses = {
    {{"errexit", 'e'}, {"nounset", 'u'}, {"pipefail", 0}, {"xtrace", 'x'}}
};

/// `set -euo pipefail`, `set -o errexit`, and the options of a first line `#!/bin/bash -eu`.
std::vector<std::string_view> strict_words(const std::vector<std::string_view>& words) {
    std::vector<std::string_view> found;
    for (std::size_t at = 1; at < words.size(); ++at) {
        const auto word = words[at];
        if (word == std::string_view("--")) {
            break;
        }
        const bool options = word.starts_with('-') && !word.starts_with("--");
        const bool named = words[at - 1].starts_with('-') && words[at - 1].ends_with('o');
        for (const auto& [name, letter] : strictnesses) {
            if ((options && letter != 0 && word.find(letter) != word.npos) ||
                (named && word == name)) {
                found.push_back(name);
            }
        }
    }
    return found;
}

std::vector<Node> strict_options(Tree& tree, const ScriptText& script) {
    std::vector<Node> found;
    const auto add = [&](std::string_view command, Spot spot) {
        for (const auto name : strict_words(split_words(command))) {
            found.push_back(tree.scalar(spot, name));
        }
    };
    const auto first = split_lines(tree.source().substr(0, tree.source().find('\n')));
    if (!first.empty() && first.front().starts_with("#!")) {
        add(first.front(), {1, 1});
    }
    for (const auto& line : script.lines) {
        std::string_view rest = line.text;
        while (!rest.empty()) {
            const auto end = rest.find_first_of(";&\n");
            const auto command = trim(rest.substr(0, end));
            if (command.starts_with("set ")) {
                add(command, line.spot);
            }
            rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
        }
    }
    return found;
}

std::string_view shell_of(std::string_view source) {
    const auto first = source.substr(0, source.find('\n'));
    if (!first.starts_with("#!")) {
        return "sh";
    }
    for (const auto word : split_words(first.substr(2))) {
        const auto slash = word.rfind('/');
        const auto name = slash == word.npos ? word : word.substr(slash + 1);
        if (name.ends_with("sh")) {
            return name;
        }
    }
    return "sh";
}

/// `name() {`, `function name {`; empty where the line begins no function.
std::string_view function_name(std::string_view line) {
    const bool keyword = line.starts_with("function ");
    if (keyword) {
        line = trim(line.substr(9));
    }
    std::size_t end = 0;
    while (end < line.size() && (is_name_character(line[end]) || line[end] == '-')) {
        ++end;
    }
    const auto rest = trim(line.substr(end));
    return end > 0 && (keyword || rest.starts_with("()")) ? line.substr(0, end)
                                                          : std::string_view();
}

std::vector<NodeEntry> functions(Tree& tree, const ScriptText& script) {
    std::vector<NodeEntry> found;
    for (const auto& line : script.lines) {
        const auto name = function_name(line.text);
        if (!name.empty()) {
            const auto kept = tree.keep(name);
            found.push_back({kept, line.spot, tree.scalar(line.spot, kept)});
        }
    }
    return found;
}

/// Walks over the lines of `case` commands.
class Arms {
public:
    explicit Arms(Tree& tree) : tree_(tree) {}

    void take(const ScriptLine& line) {
        std::string_view rest = line.text;
        while (!rest.empty()) {
            rest = expecting_ ? pattern(rest, line.spot) : body(rest);
        }
    }

    const std::vector<Node>& found() const { return found_; }

private:
    static bool begins(std::string_view text, std::string_view word) {
        return text.starts_with(word) &&
               (text.size() == word.size() || !is_name_character(text[word.size()]));
    }

    std::string_view pattern(std::string_view rest, Spot spot) {
        rest = trim(rest);
        if (begins(rest, "esac")) {
            return end_case(rest);
        }
        const auto close = rest.find(')', rest.starts_with('(') ? 1 : 0);
        if (close == rest.npos) {
            return {};
        }
        auto patterns = rest.substr(0, close);
        while (!patterns.empty()) {
            const auto bar = patterns.find('|');
            add(patterns.substr(0, bar), spot);
            patterns = bar == patterns.npos ? std::string_view() : patterns.substr(bar + 1);
        }
        expecting_ = false;
        return rest.substr(close + 1);
    }

    void add(std::string_view text, Spot spot) {
        text = trim(text);
        while (!text.empty() && std::string_view("('\"").find(text.front()) != text.npos) {
            text.remove_prefix(1);
        }
        while (!text.empty() && std::string_view("'\"").find(text.back()) != text.npos) {
            text.remove_suffix(1);
        }
        if (!text.empty()) {
            found_.push_back(tree_.scalar(spot, tree_.keep(text)));
        }
    }

    /// Where a case begins in this command; npos where none does.
    static std::size_t case_in(std::string_view command) {
        for (auto at = command.find("case "); at != command.npos;
             at = command.find("case ", at + 1)) {
            const bool is_word =
                at == 0 || std::string_view(" \t\n{(|&").find(command[at - 1]) != command.npos;
            const auto in = is_word ? command.find(" in", at) : command.npos;
            if (in != command.npos) {
                return in + 3;
            }
        }
        return command.npos;
    }

    /// Up to what ends an arm, begins a case or ends one.
    std::string_view body(std::string_view rest) {
        rest = trim(rest);
        const auto end = rest.find(';');
        const auto begin = case_in(rest.substr(0, end));
        if (begin != rest.npos) {
            ++depth_;
            expecting_ = true;
            return rest.substr(begin);
        }
        if (depth_ > 0 && begins(rest, "esac")) {
            return end_case(rest);
        }
        if (end == rest.npos) {
            return {};
        }
        rest.remove_prefix(end + 1);
        if (depth_ > 0 && (rest.starts_with(';') || rest.starts_with('&'))) {
            expecting_ = true;
            rest.remove_prefix(rest.starts_with(";&") ? 2 : 1);
        }
        return rest;
    }

    std::string_view end_case(std::string_view rest) {
        depth_ -= depth_ > 0 ? 1 : 0;
        expecting_ = false;
        return rest.substr(4);
    }

    Tree& tree_;
    std::vector<Node> found_;
    int depth_ = 0;
    bool expecting_ = false;
};

std::vector<Node> arms(Tree& tree, const ScriptText& script) {
    Arms arms(tree);
    for (const auto& line : script.lines) {
        arms.take(line);
    }
    return arms.found();
}

std::vector<Node> kept(Tree& tree, const std::vector<ScriptLine>& lines) {
    std::vector<Node> nodes;
    nodes.reserve(lines.size());
    for (const auto& line : lines) {
        nodes.push_back(tree.scalar(line.spot, tree.keep(line.text), NodeKind::quoted));
    }
    return nodes;
}

}  // namespace

Tree read_script(std::string text) {
    Tree tree(std::move(text));
    const auto script = read_script_text(tree.source());
    const Spot top = {1, 1};
    tree.add_root(tree.map(
        top,
        {{"shell", top, tree.scalar(top, shell_of(tree.source()))},
         {"strict", top, tree.list(top, strict_options(tree, script))},
         {"lines", top, tree.list(top, kept(tree, script.lines))},
         {"functions", top, tree.map(top, functions(tree, script))},
         {"arms", top, tree.list(top, arms(tree, script))},
         {"comments", top, tree.list(top, kept(tree, script.comments))}}
    ));
    return tree;
}

}  // namespace deployctl::documents
