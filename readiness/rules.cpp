// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "documents/yaml_tree_reader.hpp"
#include "readiness/categories.hpp"
#include "readiness/rule.hpp"
#include "readiness/side_by_side.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// What inputs gather besides objects of Kubernetes and blocks of Terraform.
constexpr std::array<std::string_view, 40> own_subjects = {
    "alert",
    "alertmanager",
    "backup-commands",
    "backup-record",
    "claim",
    "cluster-event",
    "codeowners",
    "compose-file",
    "compose-service",
    "composite-action",
    "container",
    "crontab",
    "dashboard",
    "dependabot",
    "deploy-commands",
    "deploy-config",
    "docker-stage",
    "dockerfile",
    "document",
    "env-file",
    "environment",
    "gitlab-ci",
    "gitlab-job",
    "live-autoscaler",
    "live-workload",
    "makefile",
    "pod",
    "prometheus-config",
    "recording",
    "recovery-drills",
    "repository",
    "restore-commands",
    "rollbacks",
    "rule-file",
    "runbook",
    "script",
    "workflow",
    "workflow-job",
    "workflow-step",
    "workload",
};

/// One rule of a file, key by key; what is wrong with a key is said, and the rule left out.
class RuleReader {
public:
    RuleReader(const Node& node, Mistakes& mistakes) : node_(node), mistakes_(mistakes) {}

    Rule read() {
        rule_.id = text("id");
        rule_.category = word("category", category_names());
        rule_.severity = severity();
        rule_.blocks = blocks();
        rule_.subjects = subjects();
        rule_.confidence = confidence();
        rule_.text = {text("title"), text("message"), text("why"), text("mend"), references()};
        if (const auto* when = node_.find("when")) {
            rule_.when = Condition::read(when->value, mistakes_);
        }
        rule_.pass = Condition::read(node_.at("pass"), mistakes_);
        refuse_unknown_keys();
        return std::move(rule_);
    }

private:
    static std::vector<std::string_view> category_names() {
        std::vector<std::string_view> names;
        for (const auto& category : categories) {
            names.push_back(category.id);
        }
        return names;
    }

    std::string text(std::string_view key) {
        const auto found = node_.text_at(key);
        if (found.empty()) {
            mistakes_.add(node_.spot, "a rule needs `" + std::string(key) + "`, a text");
        }
        return std::string(found);
    }

    std::string word(std::string_view key, const std::vector<std::string_view>& known) {
        auto found = text(key);
        if (std::find(known.begin(), known.end(), found) == known.end()) {
            mistakes_.add(node_.at(key).spot, "`" + found + "` is no " + std::string(key));
        }
        return found;
    }

    std::string optional_word(std::string_view key, const std::vector<std::string_view>& known) {
        return node_.find(key) == nullptr ? std::string(known.front()) : word(key, known);
    }

    Blocks blocks() {
        const auto found = optional_word("blocker", {"never", "always", "production"});
        return found == "always"       ? Blocks::always
               : found == "production" ? Blocks::production
                                       : Blocks::never;
    }

    FindingSeverity severity() {
        const auto found = text("severity");
        const auto severity = read_finding_severity(found);
        if (!severity && !found.empty()) {
            mistakes_.add(
                node_.at("severity").spot,
                "`" + found + "` is no severity",
                "known: critical, high, medium, low"
            );
        }
        return severity.value_or(FindingSeverity::medium);
    }

    /// Kinds of Kubernetes and types of Terraform are anybody's; the others are known.
    std::vector<std::string> subjects() {
        auto found = texts("subject");
        for (const auto& kind : found) {
            const bool is_open =
                !kind.empty() && ((kind[0] >= 'A' && kind[0] <= 'Z') || kind.starts_with("tf:") ||
                                  kind.find('/') != kind.npos);
            const bool is_known =
                std::find(own_subjects.begin(), own_subjects.end(), kind) != own_subjects.end();
            if (!is_open && !is_known) {
                mistakes_.add(
                    node_.at("subject").spot,
                    "`" + kind + "` is no kind of subject",
                    "docs/formats/readiness-rules.md lists them"
                );
            }
        }
        return found;
    }

    std::vector<std::string> references() {
        return node_.find("references") == nullptr ? std::vector<std::string>()
                                                   : texts("references");
    }

    Confidence confidence() {
        const auto found =
            optional_word("confidence", {"certain", "derived", "heuristic", "declared"});
        return found == "heuristic"  ? Confidence::heuristic
               : found == "declared" ? Confidence::declared
               : found == "derived"  ? Confidence::derived
                                     : Confidence::certain;
    }

    std::vector<std::string> texts(std::string_view key) {
        const auto& value = node_.at(key);
        std::vector<std::string> found;
        if (value.is_scalar()) {
            found.emplace_back(value.text);
        }
        for (const auto& item : value.items) {
            found.emplace_back(item.text);
        }
        if (found.empty()) {
            mistakes_.add(node_.spot, "a rule needs `" + std::string(key) + "`");
        }
        return found;
    }

    void refuse_unknown_keys() {
        static constexpr std::array<std::string_view, 13> known = {
            "id",
            "title",
            "category",
            "severity",
            "blocker",
            "subject",
            "when",
            "pass",
            "confidence",
            "message",
            "why",
            "mend",
            "references"
        };
        for (const auto& entry : node_.entries) {
            if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
                mistakes_.add(entry.spot, "unknown key `" + std::string(entry.key) + "` in a rule");
            }
        }
    }

    const Node& node_;
    Mistakes& mistakes_;
    Rule rule_;
};

void read_root(const Node& root, Mistakes& mistakes, std::vector<Rule>& rules) {
    if (!root.is_list()) {
        mistakes.add(root.spot, "a file of rules is a list of rules");
        return;
    }
    for (const auto& item : root.items) {
        const auto before = mistakes.found().size();
        auto rule = RuleReader(item, mistakes).read();
        if (mistakes.found().size() == before) {
            rules.push_back(std::move(rule));
        }
    }
}

/// The later of two with one id is a mistake, not a replacement: nobody weakens a rule unseen.
void refuse_doubles(RulePack& pack) {
    std::stable_sort(pack.rules.begin(), pack.rules.end(), [](const Rule& one, const Rule& other) {
        return one.id < other.id;
    });
    for (std::size_t at = 1; at < pack.rules.size();) {
        if (pack.rules[at].id != pack.rules[at - 1].id) {
            ++at;
            continue;
        }
        Diagnostic mistake;
        mistake.message = "there are two rules with the id `" + pack.rules[at].id + "`";
        mistake.help = "give the later one an id of its own";
        pack.diagnostics.push_back(std::move(mistake));
        pack.rules.erase(pack.rules.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

/// What one file says, and its hash.
struct ReadFile {
    documents::Tree tree;
    std::vector<Rule> rules;
    Diagnostics diagnostics;
    std::string hash;
};

ReadFile read_file(const RuleFile& file) {
    auto read = documents::read_yaml_tree(file.text);
    Mistakes mistakes(file.name, file.patterns);
    if (!read.trouble.empty()) {
        mistakes.add(read.spot, read.trouble);
    }
    std::vector<Rule> rules;
    for (const auto& root : read.tree.roots()) {
        read_root(root, mistakes, rules);
    }
    return {
        std::move(read.tree), std::move(rules), mistakes.found(), documents::sha256_hex(file.text)
    };
}

template <class T>
void append(std::vector<T>& all, std::vector<T> more) {
    all.insert(
        all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())
    );
}

}  // namespace

int weight_of(FindingSeverity severity) {
    switch (severity) {
        case FindingSeverity::critical: return 10;
        case FindingSeverity::high: return 6;
        case FindingSeverity::medium: return 3;
        case FindingSeverity::low: break;
    }
    return 1;
}

const Rule* RulePack::find(std::string_view id) const {
    const auto found = std::lower_bound(
        rules.begin(),
        rules.end(),
        id,
        [](const Rule& rule, std::string_view wanted) { return rule.id < wanted; }
    );
    return found == rules.end() || found->id != id ? nullptr : &*found;
}

RulePack read_rules(const std::vector<RuleFile>& files) {
    RulePack pack;
    std::string texts;
    std::vector<ReadFile> read(files.size());
    side_by_side(files.size(), [&](std::size_t number) {
        read[number] = read_file(files[number]);
    });
    for (auto& file : read) {
        append(pack.rules, std::move(file.rules));
        append(pack.diagnostics, std::move(file.diagnostics));
        pack.sources.push_back(std::move(file.tree));
        texts += file.hash;
    }
    pack.digest = documents::sha256_hex(texts);
    refuse_doubles(pack);
    return pack;
}

}  // namespace deployctl::readiness
