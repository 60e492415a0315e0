// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/alert_rules.hpp"

#include "readiness/checks/commands.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/patterns.hpp"
#include "readiness/promql.hpp"
#include "readiness/promql_tokens.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;

constexpr double day = 86400;

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& known) {
    return std::ranges::find(known, text) != known.end();
}

std::optional<Answer> wrong_rule(const Node& rule) {
    if (!rule.is_map()) {
        return fails_at(rule, "a rule that is no map");
    }
    const bool is_alert = rule.at("alert").exists();
    const bool is_recording = rule.at("record").exists();
    if (is_alert == is_recording) {
        return fails_at(rule, is_alert ? "both alert and record" : "neither alert nor record");
    }
    if (!rule.at("expr").is_scalar()) {
        return fails_at(rule, "a rule without expr");
    }
    return std::nullopt;
}

std::optional<Answer> wrong_group(const Node& group, std::set<std::string_view>& names) {
    static constexpr std::array<std::string_view, 7> keys = {
        "name", "interval", "query_offset", "limit", "rules", "labels", "partial_response_strategy"
    };
    const auto name = group.text_at("name");
    if (name.empty()) {
        return fails_at(group, "a group without a name");
    }
    if (!names.insert(name).second) {
        return fails_at(group.at("name"), "a second group " + std::string(name));
    }
    for (const auto& entry : group.entries) {
        if (!is_one_of(entry.key, keys)) {
            return fails_at(entry.value, "a group does not know " + std::string(entry.key));
        }
    }
    for (const auto& rule : group.at("rules").items) {
        if (auto wrong = wrong_rule(rule)) {
            return wrong;
        }
    }
    return std::nullopt;
}

std::optional<Answer> rule_file_structure(const Subject& subject, const Facts& /*facts*/) {
    std::set<std::string_view> names;
    for (const auto& group : subject.node->at("groups").items) {
        if (auto wrong = wrong_group(group, names)) {
            return wrong;
        }
    }
    return holds();
}

std::optional<Answer> promql_parses(const Subject& subject, const Facts& /*facts*/) {
    const auto& expr = subject.node->at("expr");
    const auto read = read_promql(expr.text);
    if (!read.error) {
        return holds();
    }
    return fails_at(
        expr, "expr, byte " + std::to_string(read.error->offset + 1) + ": " + read.error->what
    );
}

std::optional<Answer> rule_fields_known(const Subject& subject, const Facts& /*facts*/) {
    static constexpr std::array<std::string_view, 7> of_alert = {
        "alert", "expr", "for", "keep_firing_for", "labels", "annotations", "record"
    };
    static constexpr std::array<std::string_view, 4> of_recording = {
        "record", "expr", "labels", "alert"
    };
    for (const auto& entry : subject.node->entries) {
        const bool known = subject.kind == "alert" ? is_one_of(entry.key, of_alert)
                                                   : is_one_of(entry.key, of_recording);
        if (!known) {
            const bool is_label = entry.key == "severity" || entry.key == "team";
            return fails_at(
                entry.value,
                std::string(entry.key) + " is no field of a rule",
                is_label ? "labels: {" + std::string(entry.key) + ": ...}" : ""
            );
        }
    }
    return holds();
}

std::optional<Answer> rule_is_not_repeated(const Subject& subject, const Facts& facts) {
    const auto others = facts.related(subject, "repeats");
    return others.empty() ? holds() : fails("the same rule as " + others.front()->path);
}

std::optional<Answer> alert_hold_is_sane(const Subject& subject, const Facts& /*facts*/) {
    for (const auto* const key : {"for", "keep_firing_for"}) {
        const auto& hold = subject.node->at(key);
        if (!hold.exists()) {
            continue;
        }
        const auto seconds = promql_seconds(hold.text);
        if (seconds < 0) {
            return fails_at(hold, std::string(key) + ": " + std::string(hold.text), "5m");
        }
        if (seconds > day) {
            return fails_at(
                hold, std::string(key) + ": " + std::string(hold.text), "a day at most"
            );
        }
    }
    return subject.node->at("for").exists() ? std::optional(holds()) : std::nullopt;
}

bool braces_match(std::string_view text) {
    bool is_open = false;
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        const auto pair = text.substr(at, 2);
        if (pair == "{{" || pair == "}}") {
            if (is_open == (pair == "{{")) {
                return false;
            }
            is_open = !is_open;
            ++at;
        }
    }
    return !is_open;
}

std::optional<Answer> templates_render(const Subject& subject, const Facts& /*facts*/) {
    static const RE2 bare(R"((^|[^{$.\w])(\$labels\.\w+|\$value)\b)");
    static const RE2 inside(R"((?s)\{\{.*?\}\})");
    for (const auto* const key : {"annotations", "labels"}) {
        for (const auto& entry : subject.node->at(key).entries) {
            if (!braces_match(entry.value.text)) {
                return fails_at(entry.value, std::string(entry.key) + " has an open {{ or }}");
            }
            std::string outside(entry.value.text);
            RE2::GlobalReplace(&outside, inside, "");
            if (is_found(bare, outside)) {
                return fails_at(
                    entry.value, std::string(entry.key) + " names $labels outside of {{ }}"
                );
            }
        }
    }
    return subject.node->at("annotations").exists() ? std::optional(holds()) : std::nullopt;
}

/// "docs/runbooks/down.md" of a link into the repository; empty of one that leads elsewhere.
std::string linked_path(std::string_view link) {
    if (link.find("{{") != link.npos) {
        return {};
    }
    const auto blob = link.find("/blob/");
    if (blob != link.npos) {
        const auto slash = link.find('/', blob + 6);
        link = slash == link.npos ? std::string_view() : link.substr(slash + 1);
    } else if (link.find("://") != link.npos) {
        return {};
    }
    return clean_path(link.substr(0, link.find_first_of("#?")));
}

std::optional<Answer> runbook_is_there(const Subject& subject, const Facts& facts) {
    const auto& annotations = subject.node->at("annotations");
    const auto& link = annotations.at("runbook_url").exists() ? annotations.at("runbook_url")
                                                              : annotations.at("runbook");
    const auto path = link.is_scalar() ? linked_path(link.text) : std::string();
    if (path.empty()) {
        return std::nullopt;
    }
    const auto documents = facts.of("document");
    const bool is_below = std::ranges::any_of(documents, [&](const Subject* document) {
        return document->path.ends_with("/" + path);
    });
    if (is_below || facts.file(path) != nullptr) {
        return holds();
    }
    return fails_at(link, "there is no file " + path);
}

constexpr std::array<NamedCheck, 7> checks = {{
    {"rule-file-structure", rule_file_structure},
    {"promql-parses", promql_parses},
    {"rule-fields-known", rule_fields_known},
    {"rule-is-not-repeated", rule_is_not_repeated},
    {"alert-hold-is-sane", alert_hold_is_sane},
    {"templates-render", templates_render},
    {"runbook-is-there", runbook_is_there},
}};

}  // namespace

std::span<const NamedCheck> alert_rule_checks() {
    return checks;
}

}  // namespace deployctl::readiness
