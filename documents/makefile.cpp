// SPDX-License-Identifier: Apache-2.0
#include "documents/makefile.hpp"

#include "documents/lines.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace deployctl::documents {

namespace {

struct Target {
    std::string_view name;
    Spot spot;
    std::string_view help;
    std::vector<Node> needs;
    std::vector<Node> recipe;
};

/// A line with what it is continued by.
struct JoinedLine {
    std::string text;
    Spot spot;
    bool recipe = false;
};

struct Assignment {
    std::string_view name;
    std::string_view value;
};

/// `NAME = value` in its six spellings.
std::optional<Assignment> assignment(std::string_view line) {
    for (const std::string_view word : {"export ", "override ", "unexport "}) {
        if (line.starts_with(word)) {
            line = trim(line.substr(word.size()));
        }
    }
    std::size_t end = 0;
    while (end < line.size() &&
           (is_name_character(line[end]) || line[end] == '.' || line[end] == '-')) {
        ++end;
    }
    const auto rest = trim(line.substr(end));
    for (const std::string_view sign : {"=", ":=", "::=", ":::=", "?=", "+=", "!="}) {
        if (end > 0 && rest.starts_with(sign)) {
            return Assignment{line.substr(0, end), trim(rest.substr(sign.size()))};
        }
    }
    return std::nullopt;
}

/// Where the colon of a rule stands, outside of `$(...)`; npos where there is none.
std::size_t rule_colon(std::string_view line) {
    int depth = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '(' || line[at] == '{') {
            ++depth;
        } else if (line[at] == ')' || line[at] == '}') {
            depth -= depth > 0 ? 1 : 0;
        } else if (line[at] == ':' && depth == 0) {
            return at;
        } else if (line[at] == '=' && depth == 0) {
            return line.npos;
        }
    }
    return line.npos;
}

bool is_conditional(std::string_view line) {
    static constexpr std::array<std::string_view, 7> words = {
        "ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "vpath"
    };
    const auto first = split_words(line);
    return !first.empty() && std::ranges::any_of(words, [&](std::string_view word) {
        return first.front() == word || first.front().starts_with(std::string(word) + "(");
    });
}

struct Lists {
    std::vector<Node> phony;
    std::vector<Node> special;
    std::vector<Node> includes;
    std::vector<Node> computed;
};

class MakefileReading {
public:
    explicit MakefileReading(Tree& tree) : tree_(tree) {}

    void take(const JoinedLine& line) {
        const auto text = trim(line.text);
        if (in_define_) {
            in_define_ = !text.starts_with("endef");
        } else if (line.recipe && !current_.empty()) {
            take_recipe(text, line.spot);
        } else if (text.starts_with("define ")) {
            in_define_ = true;
        } else if (!text.empty() && !text.starts_with('#') && !is_conditional(text)) {
            take_statement(text, line.spot);
        }
    }

    char prefix() const { return prefix_; }

    Node root() {
        const Spot top = {1, 1};
        std::vector<NodeEntry> targets;
        for (const auto& target : targets_) {
            const auto spot = target.spot;
            targets.push_back(
                {target.name,
                 spot,
                 tree_.map(
                     spot,
                     {{"needs", spot, tree_.list(spot, target.needs)},
                      {"recipe", spot, tree_.list(spot, target.recipe)},
                      {"help", spot, tree_.scalar(spot, target.help, NodeKind::quoted)}}
                 )}
            );
        }
        return tree_.map(
            top,
            {{"targets", top, tree_.map(top, targets)},
             {"phony", top, tree_.list(top, lists_.phony)},
             {"special", top, tree_.list(top, lists_.special)},
             {"variables", top, tree_.map(top, variables_)},
             {"includes", top, tree_.list(top, lists_.includes)},
             {"computed", top, tree_.list(top, lists_.computed)}}
        );
    }

private:
    Node text(std::string_view text, Spot spot) {
        return tree_.scalar(spot, tree_.keep(text), NodeKind::quoted);
    }

    void add_words(std::vector<Node>& to, std::string_view words, Spot spot) {
        for (const auto word : split_words(words)) {
            to.push_back(text(word, spot));
        }
    }

    void take_recipe(std::string_view command, Spot spot) {
        if (command.empty() || command.starts_with('#')) {
            return;
        }
        const auto node = text(command, spot);
        for (const auto number : current_) {
            targets_[number].recipe.push_back(node);
        }
    }

    void take_statement(std::string_view line, Spot spot) {
        for (const std::string_view word : {"include ", "-include ", "sinclude "}) {
            if (line.starts_with(word)) {
                add_words(lists_.includes, line.substr(word.size()), spot);
                return;
            }
        }
        if (const auto assigned = assignment(line)) {
            take_variable(*assigned, spot);
            return;
        }
        const auto colon = rule_colon(line);
        if (colon != line.npos) {
            take_rule(line.substr(0, colon), line.substr(colon + 1), spot);
        }
    }

    void take_variable(const Assignment& assigned, Spot spot) {
        current_.clear();
        if (assigned.name == ".RECIPEPREFIX" && !assigned.value.empty()) {
            prefix_ = assigned.value.front();
        }
        variables_.push_back({tree_.keep(assigned.name), spot, text(assigned.value, spot)});
    }

    void take_rule(std::string_view names, std::string_view rest, Spot spot) {
        current_.clear();
        if (rest.starts_with(':')) {
            rest.remove_prefix(1);
        }
        const auto hash = rest.find('#');
        auto help = hash == rest.npos ? std::string_view() : rest.substr(hash);
        help = trim(help.substr(std::min(help.find_first_not_of('#'), help.size())));
        rest = rest.substr(0, hash);
        // A variable of one target is no rule, and neither is the recipe behind a semicolon a need.
        if (assignment(trim(rest))) {
            return;
        }
        const auto semicolon = rest.find(';');
        const auto needs = rest.substr(0, semicolon);
        for (const auto name : split_words(names)) {
            take_target(name, needs, help, spot);
        }
        if (semicolon != rest.npos) {
            take_recipe(trim(rest.substr(semicolon + 1)), spot);
        }
    }

    void take_target(
        std::string_view name, std::string_view needs, std::string_view help, Spot spot
    ) {
        if (name == ".PHONY") {
            add_words(lists_.phony, needs, spot);
        } else if (name.starts_with('.') && name.find('/') == name.npos) {
            lists_.special.push_back(text(name, spot));
        } else if (name.find_first_of("$%") != name.npos) {
            lists_.computed.push_back(text(name, spot));
        } else {
            const auto number = target(name, spot);
            add_words(targets_[number].needs, needs, spot);
            if (!help.empty()) {
                targets_[number].help = tree_.keep(help);
            }
            current_.push_back(number);
        }
    }

    std::size_t target(std::string_view name, Spot spot) {
        const auto [found, is_added] = numbers_.try_emplace(std::string(name), targets_.size());
        if (is_added) {
            targets_.push_back({tree_.keep(name), spot, {}, {}, {}});
        }
        return found->second;
    }

    Tree& tree_;
    std::vector<Target> targets_;
    std::map<std::string, std::size_t, std::less<>> numbers_;
    std::vector<std::size_t> current_;  ///< targets of the rule whose recipe is read
    Lists lists_;
    std::vector<NodeEntry> variables_;
    char prefix_ = '\t';
    bool in_define_ = false;
};

}  // namespace

Tree read_makefile(std::string text) {
    Tree tree(std::move(text));
    MakefileReading reading(tree);
    const auto lines = split_lines(tree.source());
    for (std::size_t number = 0; number < lines.size(); ++number) {
        JoinedLine joined;
        auto line = lines[number];
        joined.recipe = line.starts_with(reading.prefix());
        line.remove_prefix(joined.recipe ? 1 : 0);
        const auto begin = std::min(line.find_first_not_of(" \t"), line.size());
        joined.spot = spot_in(lines[number], number, begin + (joined.recipe ? 1 : 0));
        while (line.ends_with('\\') && number + 1 < lines.size()) {
            joined.text += trim(line.substr(0, line.size() - 1));
            joined.text += ' ';
            line = lines[++number];
        }
        joined.text += joined.text.empty() ? line : trim(line);
        reading.take(joined);
    }
    tree.add_root(reading.root());
    return tree;
}

}  // namespace deployctl::documents
