// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/prometheus.hpp"

#include "readiness/inputs/monitors.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/recognition.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;

const Node& root_of(const AssessedFile& file) {
    static const Node nothing;
    return file.tree.roots().empty() ? nothing : file.tree.roots().front();
}

bool has_text(const AssessedFile& file, std::string_view first, std::string_view second) {
    const auto source = file.tree.source();
    return source.find(first) != source.npos && source.find(second) != source.npos;
}

bool looks_like_rules(const Node& root) {
    const auto& groups = root.at("groups");
    return groups.is_list() && std::ranges::any_of(groups.items, [](const Node& group) {
               return group.at("rules").exists();
           });
}

bool looks_like_scraping(const Node& root) {
    return root.at("scrape_configs").is_list();
}

bool looks_like_routing(const Node& root) {
    return root.at("route").is_map() && root.at("receivers").is_list();
}

bool looks_like_dashboard(const Node& root) {
    const auto& dashboard = root.at("dashboard").is_map() ? root.at("dashboard") : root;
    return (dashboard.at("panels").is_list() || dashboard.at("rows").is_list()) &&
           (dashboard.at("schemaVersion").exists() || dashboard.at("title").exists());
}

bool takes_rules(const AssessedFile& file) {
    if (!file.trouble.what.empty()) {
        return has_text(file, "groups:", "expr:") && !has_text(file, "apiVersion:", "kind:");
    }
    return looks_like_rules(root_of(file)) && !root_of(file).at("kind").exists();
}

bool takes_scraping(const AssessedFile& file) {
    return looks_like_scraping(root_of(file)) ||
           (!file.trouble.what.empty() && has_text(file, "scrape_configs:", "job_name:"));
}

bool takes_routing(const AssessedFile& file) {
    return (looks_like_routing(root_of(file)) && !root_of(file).at("kind").exists()) ||
           (!file.trouble.what.empty() && has_text(file, "receivers:", "route:"));
}

bool takes_dashboard(const AssessedFile& file) {
    return looks_like_dashboard(root_of(file)) ||
           (!file.trouble.what.empty() && has_text(file, "\"panels\"", "\"targets\""));
}

/// Where a tree of monitoring was found.
struct Origin {
    const AssessedFile* file;
    std::string path;
    std::string_view join;  ///< what stands between the path and a part
    const Scope* scope;
    const Subject* parent = nullptr;
};

const Subject& add(const Origin& from, const char* kind, const Node& node, Facts& facts) {
    Subject subject;
    subject.kind = kind;
    subject.name = base_name(from.path);
    subject.path = from.path;
    subject.node = &node;
    subject.file = from.file;
    subject.parent = from.parent;
    subject.scope = from.scope;
    return facts.add(std::move(subject));
}

std::string labels_text(const Node& rule) {
    std::set<std::string> labels;
    for (const auto& entry : rule.at("labels").entries) {
        labels.insert(std::string(entry.key) + "=" + std::string(entry.value.text));
    }
    std::string text;
    for (const auto& label : labels) {
        text += label + ",";
    }
    return text;
}

/// What makes two rules one.
std::string identity(const Node& rule) {
    return std::string(rule.text_at("alert")) + "\n" + std::string(rule.text_at("record")) + "\n" +
           std::string(rule.text_at("expr")) + "\n" + labels_text(rule);
}

/// Rules of one scope, by identity.
using Known = std::map<std::pair<const Scope*, std::string>, const Subject*>;

void add_rule(
    const Subject& rule_file, std::string path, const Node& rule, Known& known, Facts& facts
) {
    const bool is_alert = rule.at("alert").exists();
    Subject subject;
    subject.kind = is_alert ? "alert" : "recording";
    subject.name = rule.text_at(is_alert ? "alert" : "record");
    subject.path = std::move(path);
    subject.node = &rule;
    subject.file = rule_file.file;
    subject.parent = &rule_file;
    subject.scope = rule_file.scope;
    const auto& added = facts.add(std::move(subject));
    const auto [first, is_new] = known.try_emplace({added.scope, identity(rule)}, &added);
    if (!is_new) {
        facts.relate(added, "repeats", *first->second);
    }
}

void add_rules(const Origin& from, const Node& root, Known& known, Facts& facts) {
    const auto& rule_file = add(from, "rule-file", root, facts);
    std::map<std::string, int> times;
    for (const auto& group : root.at("groups").items) {
        for (const auto& rule : group.at("rules").items) {
            const bool is_alert = rule.at("alert").exists();
            if (!is_alert && !rule.at("record").exists()) {
                continue;
            }
            auto path = from.path + std::string(from.join) + "group/" +
                        std::string(group.text_at("name")) +
                        (is_alert ? "/alert/" : "/recording/") +
                        std::string(rule.text_at(is_alert ? "alert" : "record"));
            // The second of a name is another object with a number of its own.
            const int number = ++times[path];
            path += number > 1 ? "#" + std::to_string(number) : std::string();
            add_rule(rule_file, std::move(path), rule, known, facts);
        }
    }
}

Origin origin_of(const AssessedFile& file, const Facts& facts) {
    return {&file, file.path, " -> ", &facts.repository(), nullptr};
}

void add_tree(const Origin& from, const Node& root, Known& known, Facts& facts) {
    if (looks_like_rules(root)) {
        add_rules(from, root, known, facts);
    } else if (looks_like_scraping(root)) {
        add(from, "prometheus-config", root, facts);
    } else if (looks_like_routing(root)) {
        add(from, "alertmanager", root, facts);
    } else if (looks_like_dashboard(root)) {
        add(from, "dashboard", root, facts);
    }
}

bool may_be_monitoring(std::string_view key, std::string_view text) {
    const bool is_named = key.ends_with(".yml") || key.ends_with(".yaml") ||
                          key.ends_with(".json") || key.ends_with(".rules");
    return is_named && std::ranges::any_of(
                           std::array<std::string_view, 4>{
                               "groups", "scrape_configs", "receivers", "\"panels\""
                           },
                           [&](std::string_view word) { return text.find(word) != text.npos; }
                       );
}

/// A text in a ConfigMap: empty lines in front bring its lines to where they stand in the file.
void add_embedded(
    const Subject& object,
    const documents::NodeEntry& entry,
    const Language& yaml,
    Known& known,
    Facts& facts
) {
    auto read = yaml.read(std::string(entry.value.spot.line, '\n') + std::string(entry.value.text));
    AssessedFile made;
    made.path = object.file->path;
    made.kind = unrecognised;  // it counts for nothing that was read
    made.rendering = "embedded";
    made.tree = std::move(read.tree);
    if (!read.trouble.what.empty() || made.tree.roots().empty()) {
        return;
    }
    const auto& file = facts.add(std::move(made));
    const Origin from = {
        &file, object.path + "/" + std::string(entry.key), " -> ", object.scope, &object
    };
    add_tree(from, file.tree.roots().front(), known, facts);
}

void gather_embedded(Known& known, Facts& facts) {
    const auto languages = all_languages();
    const auto yaml = std::ranges::find(languages, std::string_view("yaml"), &Language::name);
    if (yaml == languages.end()) {
        return;
    }
    for (const auto* const kind : {"ConfigMap", "Secret"}) {
        // What is added belongs to other kinds: this list does not grow.
        for (const auto* const object : facts.of(kind)) {
            for (const auto* const part : {"data", "stringData"}) {
                for (const auto& entry : object->node->at(part).entries) {
                    if (entry.value.is_scalar() && may_be_monitoring(entry.key, entry.value.text)) {
                        add_embedded(*object, entry, *yaml, known, facts);
                    }
                }
            }
        }
    }
}

void gather_rules(FileList files, Facts& facts) {
    Known known;
    for (const auto* file : files) {
        add_rules(origin_of(*file, facts), root_of(*file), known, facts);
    }
    for (const auto* object : facts.of("PrometheusRule")) {
        const Origin from = {object->file, object->path, "/", object->scope, object};
        add_rules(from, object->node->at("spec"), known, facts);
    }
    for (const auto* object : facts.of("AlertmanagerConfig")) {
        add({object->file, object->path, "/", object->scope, object},
            "alertmanager",
            object->node->at("spec"),
            facts);
    }
    gather_embedded(known, facts);
    relate_monitors(facts);
}

void gather_trees(FileList files, Facts& facts) {
    Known none;
    for (const auto* file : files) {
        add_tree(origin_of(*file, facts), root_of(*file), none, facts);
    }
}

std::vector<Lost> lost_rules(const AssessedFile& file) {
    int alerts = 0;
    const auto source = file.tree.source();
    for (auto at = source.find("alert:"); at != source.npos; at = source.find("alert:", at + 1)) {
        ++alerts;
    }
    return {{"rule-file", 1}, {"alert", std::max(alerts, 1)}};
}

std::vector<Lost> lost_one(const AssessedFile& file) {
    return {{file.kind, 1}};
}

const std::array<Input, 4> inputs = {{
    {"prometheus-rules", "yaml", takes_rules, gather_rules, lost_rules},
    {"prometheus-config", "yaml", takes_scraping, gather_trees, lost_one},
    {"alertmanager", "yaml", takes_routing, gather_trees, lost_one},
    {"dashboard", "yaml", takes_dashboard, gather_trees, lost_one},
}};

}  // namespace

std::span<const Input> prometheus_inputs() {
    return inputs;
}

}  // namespace deployctl::readiness
