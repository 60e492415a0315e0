// SPDX-License-Identifier: Apache-2.0
#include "readiness/condition_terms.hpp"
#include "readiness/lazy_pattern.hpp"
#include "readiness/patterns.hpp"
#include "readiness/scalar.hpp"
#include "readiness/shown_value.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// "pod:securityContext/runAsUser"
struct Way {
    std::string owner;  ///< empty: from where the condition stands
    std::string path;
};

struct Found {
    const Node* node = nullptr;     ///< null: nothing there
    const Node* nearest = nullptr;  ///< what of the way is there: it has the place
    bool is_cut = false;            ///< the way leads on from a node that is unknown
};

Found walk(const Node& from, std::string_view path) {
    Found found{nullptr, &from, false};
    if (path == "." || from.is_unknown()) {
        found.node = &from;
        found.is_cut = path != ".";
        return found;
    }
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto& next = found.nearest->at(path.substr(0, slash));
        if (!next.exists()) {
            return found;
        }
        found.nearest = &next;
        path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
        if (next.is_unknown()) {
            found.is_cut = !path.empty();
            break;
        }
    }
    found.node = found.nearest;
    return found;
}

Found walk(const Way& way, const Asked& asked) {
    if (way.owner.empty()) {
        return walk(asked.here, way.path);
    }
    const auto* owner = asked.subject.nearest(way.owner);
    return owner == nullptr ? Found{nullptr, &asked.here, false} : walk(*owner->node, way.path);
}

Truth truth(bool holds) {
    return holds ? Truth::yes : Truth::no;
}

using Test = bool (*)(const Node& node, const Node& wanted);

/// What a list does not show, an entry of it that is not known may be.
bool has_unknown(const Node& node) {
    return std::any_of(node.items.begin(), node.items.end(), [](const Node& item) {
        return item.is_unknown();
    });
}

bool is_in(const Node& node, const Node& wanted) {
    return std::any_of(wanted.items.begin(), wanted.items.end(), [&](const Node& one) {
        return same_scalar(node, one);
    });
}

bool has(const Node& node, const Node& wanted) {
    return node.find(wanted.text) != nullptr || is_in(wanted, node);
}

bool at_least(const Node& node, const Node& wanted) {
    const auto amount = read_amount(node);
    return amount && *amount >= read_amount(wanted).value_or(0);
}

bool at_most(const Node& node, const Node& wanted) {
    const auto amount = read_amount(node);
    return amount && *amount <= read_amount(wanted).value_or(0);
}

bool has_as_many(const Node& node, const Node& wanted) {
    const auto count = std::max(node.items.size(), node.entries.size());
    return static_cast<double>(count) >= read_amount(wanted).value_or(0);
}

enum class Wants { scalar, list, number };

struct Operator {
    std::string_view name;
    Wants wants;
    Test test;
    bool of_nothing;                               ///< what it says where nothing is there
    bool (*may_hold)(const Node& node) = nullptr;  ///< where the test says no
};

constexpr std::array<Operator, 7> operators = {{
    {"is", Wants::scalar, same_scalar, false},
    {"in", Wants::list, is_in, false},
    {"not_in",
     Wants::list,
     [](const Node& node, const Node& wanted) { return !is_in(node, wanted); },
     true},
    {"contains", Wants::scalar, has, false, has_unknown},
    {"at_least", Wants::number, at_least, false},
    {"at_most", Wants::number, at_most, false},
    {"count_at_least", Wants::number, has_as_many, false},
}};

struct Comparison {
    const Operator* test;
    const Node* wanted;  ///< of the file of rules, which lives as long
};

struct Pattern {
    std::shared_ptr<const LazyPattern> expression;  ///< shared by copies of the rule
    bool is_to_be_found = true;
};

struct Inner {
    std::shared_ptr<const Condition::Term> term;
    Truth decisive{};  ///< of an entry: `each` is over with a no, `some` with a yes
};

class PathTerm final : public Condition::Term {
public:
    std::optional<Answer> ask(const Asked& asked) const override;

    std::vector<Way> ways;
    const Node* fallback = nullptr;
    std::vector<Comparison> comparisons;
    std::vector<Pattern> patterns;
    std::vector<Inner> inners;
    std::optional<bool> exists;

private:
    bool asks_only_existence() const {
        return comparisons.empty() && patterns.empty() && inners.empty();
    }

    Found find(const Asked& asked) const;
    void ask_inners(const Node& node, const Asked& asked, Answer& answer) const;
    Truth compare(const Node* node) const;
    Truth holds_of(const Node* node) const;
    std::optional<Answer> ask_entries(const Inner& inner, const Node& node, const Asked& asked)
        const;
};

Found PathTerm::find(const Asked& asked) const {
    Found best;
    for (const auto& way : ways) {
        const auto found = walk(way, asked);
        if (found.node != nullptr) {
            return found;
        }
        best = best.nearest == nullptr ? found : best;
    }
    return best;
}

Truth PathTerm::compare(const Node* node) const {
    auto all = Truth::yes;
    for (const auto& one : comparisons) {
        if (node == nullptr ? one.test->of_nothing : one.test->test(*node, *one.wanted)) {
            continue;
        }
        const auto may_hold = one.test->may_hold;
        if (node == nullptr || may_hold == nullptr || !may_hold(*node)) {
            return Truth::no;
        }
        all = Truth::unknown;
    }
    return all;
}

Truth PathTerm::holds_of(const Node* node) const {
    const bool exists_as_asked = !exists || *exists == (node != nullptr);
    const bool matches = std::all_of(patterns.begin(), patterns.end(), [&](const Pattern& pattern) {
        if (node == nullptr || !node->is_scalar()) {
            return !pattern.is_to_be_found;
        }
        return is_found(pattern.expression->compiled(), node->text) == pattern.is_to_be_found;
    });
    return exists_as_asked && matches ? compare(node) : Truth::no;
}

std::optional<Answer> PathTerm::ask_entries(
    const Inner& inner, const Node& node, const Asked& asked
) const {
    std::optional<Answer> kept;
    const auto take = [&](const Node& entry) {
        auto answer = inner.term->ask({asked.subject, asked.facts, entry});
        if (answer && answer->holds == inner.decisive) {
            kept = std::move(answer);
            return true;
        }
        if (answer && (!kept || answer->holds == Truth::unknown)) {
            kept = std::move(answer);
        }
        return false;
    };
    for (const auto& item : node.items) {
        if (take(item)) {
            return kept;
        }
    }
    for (const auto& entry : node.entries) {
        if (take(entry.value)) {
            return kept;
        }
    }
    return kept;
}

/// `each` and `some`: one no decides, whatever else is not known.
void PathTerm::ask_inners(const Node& node, const Asked& asked, Answer& answer) const {
    for (const auto& inner : inners) {
        if (answer.holds == Truth::no) {
            return;
        }
        auto entries = ask_entries(inner, node, asked);
        if (!entries) {
            entries = answer;
            entries->holds = truth(inner.decisive == Truth::no);
        }
        if (answer.holds == Truth::yes || entries->holds == Truth::no) {
            answer = std::move(*entries);
        }
    }
}

std::optional<Answer> PathTerm::ask(const Asked& asked) const {
    static const Node none;
    const auto found = find(asked);
    const auto* node = found.node == nullptr ? fallback : found.node;
    const auto& path = ways.front().path;
    Answer answer;
    answer.where = found.nearest;
    answer.confidence = node == found.node ? Confidence::certain : Confidence::derived;
    answer.observed = found.node == nullptr ? path + " is not set" : shown_value(path, *found.node);
    if (node != nullptr && node->is_unknown() && (found.is_cut || !asks_only_existence())) {
        answer.observed += " is not known here";
        return answer;
    }
    answer.holds = holds_of(node);
    ask_inners(node == nullptr ? none : *node, asked, answer);
    return answer;
}

std::optional<Way> read_way(const Node& node, Mistakes& mistakes) {
    if (!node.is_scalar() || node.text.empty()) {
        mistakes.add(node.spot, "a path is a text like `spec/replicas`");
        return std::nullopt;
    }
    const auto colon = node.text.find(':');
    const auto slash = node.text.find('/');
    // "tf:directory:path" is the longest: the owner ends at the last colon before the first slash.
    const auto last = node.text.substr(0, slash).rfind(':');
    if (colon == node.text.npos || last == node.text.npos) {
        return Way{"", std::string(node.text)};
    }
    return Way{std::string(node.text.substr(0, last)), std::string(node.text.substr(last + 1))};
}

void read_ways(const Node& node, PathTerm& term, Mistakes& mistakes) {
    const std::span<const Node> alone(&node, 1);
    for (const auto& one : node.is_list() ? node.items : alone) {
        if (auto way = read_way(one, mistakes)) {
            term.ways.push_back(std::move(*way));
        }
    }
    if (node.is_list() && node.items.empty()) {
        mistakes.add(node.spot, "no path is in this list");
    }
}

bool fits(Wants wants, const Node& node) {
    switch (wants) {
        case Wants::list: return node.is_list();
        case Wants::number: return read_amount(node).has_value();
        case Wants::scalar: break;
    }
    return node.is_scalar();
}

void read_pattern(const documents::NodeEntry& entry, PathTerm& term, Mistakes& mistakes) {
    auto expression = std::make_shared<const LazyPattern>(entry.value.text);
    const bool is_text = entry.value.is_scalar();
    if (!is_text || (!mistakes.are_patterns_known() && !expression->compiled().ok())) {
        mistakes.add(
            entry.value.spot,
            "this is no regular expression" +
                (is_text ? ": " + expression->compiled().error() : std::string())
        );
        return;
    }
    term.patterns.push_back({std::move(expression), entry.key == "matches"});
}

void read_inner(const documents::NodeEntry& entry, PathTerm& term, Mistakes& mistakes) {
    if (auto inner = read_term(entry.value, mistakes)) {
        const auto decisive = entry.key == "each" ? Truth::no : Truth::yes;
        term.inners.push_back({std::move(inner), decisive});
    }
}

void read_comparison(const documents::NodeEntry& entry, PathTerm& term, Mistakes& mistakes) {
    const auto* const found =
        std::find_if(operators.begin(), operators.end(), [&](const Operator& one) {
            return one.name == entry.key;
        });
    if (found == operators.end()) {
        mistakes.add(
            entry.spot,
            "`" + std::string(entry.key) + "` is no operator",
            "known: is, in, not_in, exists, matches, lacks, at_least, at_most, contains, "
            "count_at_least, each, some, default"
        );
    } else if (!fits(found->wants, entry.value)) {
        mistakes.add(entry.value.spot, "`" + std::string(entry.key) + "` cannot be this");
    } else {
        term.comparisons.push_back({found, &entry.value});
    }
}

void read_operator(const documents::NodeEntry& entry, PathTerm& term, Mistakes& mistakes) {
    if (entry.key == "path") {
        read_ways(entry.value, term, mistakes);
    } else if (entry.key == "default") {
        term.fallback = &entry.value;
    } else if (entry.key == "exists") {
        term.exists = read_bool(entry.value);
        if (!term.exists) {
            mistakes.add(entry.value.spot, "`exists` is true or false");
        }
    } else if (entry.key == "matches" || entry.key == "lacks") {
        read_pattern(entry, term, mistakes);
    } else if (entry.key == "each" || entry.key == "some") {
        read_inner(entry, term, mistakes);
    } else {
        read_comparison(entry, term, mistakes);
    }
}

}  // namespace

std::shared_ptr<const Condition::Term> read_path_term(
    const documents::Node& node, Mistakes& mistakes
) {
    auto term = std::make_shared<PathTerm>();
    for (const auto& entry : node.entries) {
        read_operator(entry, *term, mistakes);
    }
    const bool asks_nothing = !term->exists && term->comparisons.empty() &&
                              term->patterns.empty() && term->inners.empty();
    if (asks_nothing) {
        mistakes.add(node.spot, "this condition has a path and asks nothing of it");
    }
    if (term->ways.empty() || asks_nothing) {
        return nullptr;
    }
    return term;
}

}  // namespace deployctl::readiness
