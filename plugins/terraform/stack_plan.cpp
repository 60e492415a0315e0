// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/stack_plan.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"
#include "ports/one_line.hpp"

#include <algorithm>
#include <array>

namespace deployctl::plugins::terraform {

namespace {

/// Of a longer one only names and actions are read.
constexpr std::size_t most_whole_bytes = 32UL << 20U;
constexpr std::size_t most_values = 2'000'000;
constexpr std::size_t most_attributes = 12;

bool has(const std::vector<std::string>& actions, std::string_view action) {
    return std::ranges::count(actions, action) > 0;
}

ChangeKind kind_of(const Value& change) {
    const auto actions = read_lines(change.at("/actions"));
    const bool creates = has(actions, "create");
    const bool removes = has(actions, "delete");
    if (creates && (removes || has(actions, "forget"))) {
        return ChangeKind::replace;
    }
    if (creates) {
        return ChangeKind::create;
    }
    if (removes) {
        return ChangeKind::remove;
    }
    if (has(actions, "update")) {
        return ChangeKind::update;
    }
    if (has(actions, "forget")) {
        return ChangeKind::forget;
    }
    return has(actions, "read") ? ChangeKind::read : ChangeKind::none;
}

std::vector<std::string> attributes_of(const Value& change) {
    std::vector<std::string> names;
    const auto& before = change.at("/before");
    const auto& after = change.at("/after");
    const auto take = [&](const Value& side) {
        for (const auto& [name, value] : side.members()) {
            const auto place = "/" + escape_pointer(name);
            const bool differs = !(before.at(place) == after.at(place));
            const bool is_unknown = !change.at("/after_unknown").at(place).is_null();
            const auto& unknown = change.at("/after_unknown").at(place);
            const bool is_all_unknown = is_unknown && unknown == Value(true);
            if ((differs || is_all_unknown) && std::ranges::count(names, name) == 0) {
                names.emplace_back(name);
            }
        }
    };
    take(before);
    take(after);
    take(change.at("/after_unknown"));
    std::ranges::sort(names);
    return names;
}

StackChange read_change(const Value& resource) {
    StackChange change;
    const auto& body = resource.at("/change");
    change.kind = kind_of(body);
    change.address = resource.text("/address");
    change.type = resource.text("/type");
    change.is_stateful = is_stateful(change.type);
    change.is_deposed = !resource.text("/deposed").empty();
    if (change.kind == ChangeKind::update || change.kind == ChangeKind::replace) {
        change.attributes = attributes_of(body);
    }
    change.wanted = wanted_value(body);
    return change;
}

void sort_by_address(std::vector<StackChange>& changes) {
    std::ranges::sort(changes, {}, &StackChange::address);
}

std::vector<StackChange> read_changes(const Value& list) {
    std::vector<StackChange> changes;
    for (const auto& item : list.items()) {
        auto change = read_change(item);
        if (change.kind != ChangeKind::none && change.kind != ChangeKind::read) {
            changes.push_back(std::move(change));
        }
    }
    sort_by_address(changes);
    return changes;
}

StackChange read_output(std::string_view name, const Value& body) {
    StackChange change;
    change.kind = kind_of(body);
    change.address = "output." + std::string(name);
    change.type = output_type;
    change.wanted = wanted_value(body);
    return change;
}

Value read_document(std::string_view json, bool is_summary) {
    if (!is_summary) {
        auto whole = documents::try_read_json_without("/prior_state", json);
        return whole ? *whole : Value();
    }
    const documents::WantedMembers wanted{
        {"format_version",
         "resource_changes",
         "resource_drift",
         "output_changes",
         "address",
         "type",
         "change",
         "actions"},
        most_values,
    };
    auto part = documents::try_read_json_only(wanted, json);
    return part ? *part : Value();
}

/// " [1f3ac2d4]" or " [1f3ac2d4?/id]" at its end; empty where it has none.
std::string_view fingerprint_part(std::string_view line) {
    constexpr std::size_t letters = 8;
    const auto begin = line.rfind(" [");
    if (begin == std::string_view::npos || !line.ends_with(']')) {
        return "";
    }
    const auto inside = line.substr(begin + 2, line.size() - begin - 3);
    const bool is_one = inside.find_first_not_of("0123456789abcdef") >= letters &&
                        inside.size() >= letters &&
                        (inside.size() == letters || inside[letters] == '?');
    return is_one ? line.substr(begin) : "";
}

}  // namespace

std::optional<StackPlan> read_plan(std::string_view json) {
    StackPlan plan;
    plan.is_summary = json.size() > most_whole_bytes;
    const auto document = read_document(json, plan.is_summary);
    if (document.text("/format_version").empty()) {
        return std::nullopt;
    }
    plan.changes = read_changes(document.at("/resource_changes"));
    plan.drift = read_changes(document.at("/resource_drift"));
    for (const auto& [name, body] : document.members("/output_changes")) {
        auto change = read_output(name, body);
        if (change.kind != ChangeKind::none) {
            plan.changes.push_back(std::move(change));
        }
    }
    sort_by_address(plan.changes);
    return plan;
}

const char* sign_of(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::none: return "=";
        case ChangeKind::create: return "+";
        case ChangeKind::update: return "~";
        case ChangeKind::remove: return "-";
        case ChangeKind::replace: return "-/+";
        case ChangeKind::read: return "<=";
        case ChangeKind::forget: return ".";
    }
    return "";
}

std::string to_text(const StackChange& change) {
    auto text = std::string(sign_of(change.kind)) + " " + one_line(change.address);
    if (!change.attributes.empty()) {
        auto shown = change.attributes;
        shown.resize(std::min(shown.size(), most_attributes));
        text += ": " + one_line(join(shown, ", "));
        const auto rest = change.attributes.size() - shown.size();
        text += rest > 0 ? " and " + std::to_string(rest) + " more" : "";
    }
    return text + " [" + fingerprint_of(change.wanted) + "]";
}

std::vector<std::string> lines_of(const std::vector<StackChange>& changes) {
    std::vector<std::string> lines;
    for (const auto& change : changes) {
        lines.push_back(to_text(change));
    }
    std::ranges::sort(lines);
    return lines;
}

std::string without_fingerprint(std::string_view line) {
    return std::string(line.substr(0, line.size() - fingerprint_part(line).size()));
}

std::string fingerprint_in(std::string_view line) {
    const auto part = fingerprint_part(line);
    return part.empty() ? "" : std::string(part.substr(2, part.size() - 3));
}

std::string address_of(std::string_view line) {
    const auto text = without_fingerprint(line);
    const auto begin = std::min(text.find(' '), text.size() - 1) + 1;
    bool is_in_key = false;  // of `for_each`: it may have any text in it
    for (auto end = begin; end < text.size(); ++end) {
        if (text[end] == '"' && text[end - 1] != '\\') {
            is_in_key = !is_in_key;
        }
        if (!is_in_key && text.compare(end, 2, ": ") == 0) {
            return text.substr(begin, end - begin);
        }
    }
    return text.substr(begin);
}

std::vector<std::string> destroys_of(const std::vector<StackChange>& changes) {
    std::vector<std::string> addresses;
    for (const auto& change : changes) {
        const bool is_resource = change.type != output_type;
        if (is_resource &&
            (change.kind == ChangeKind::remove || change.kind == ChangeKind::replace)) {
            addresses.push_back(change.address);
        }
    }
    return addresses;
}

bool is_stateful(std::string_view type) {
    constexpr std::array words{
        "_db_",          "database",     "_rds_",    "_sql_",    "bucket",      "_volume",
        "_disk",         "_efs_",        "dynamodb", "redis",    "elasticache", "memorystore",
        "elasticsearch", "opensearch",   "_kafka",   "_msk_",    "_queue",      "_topic",
        "storage_",      "persistent_",  "_vault",   "_kms_",    "secret",      "filestore",
        "snapshot",      "_file_system", "cosmosdb", "bigtable", "spanner",     "mongodb",
    };
    return std::ranges::any_of(words, [type](std::string_view word) {
        return type.find(word) != std::string_view::npos;
    });
}

std::string counts_of(const std::vector<StackChange>& changes) {
    int added = 0;
    int changed = 0;
    int destroyed = 0;
    for (const auto& change : changes) {
        if (change.type == output_type) {
            continue;
        }
        const bool replaces = change.kind == ChangeKind::replace;
        added += replaces || change.kind == ChangeKind::create ? 1 : 0;
        changed += change.kind == ChangeKind::update ? 1 : 0;
        destroyed += replaces || change.kind == ChangeKind::remove ? 1 : 0;
    }
    return std::to_string(added) + " to add, " + std::to_string(changed) + " to change, " +
           std::to_string(destroyed) + " to destroy";
}

}  // namespace deployctl::plugins::terraform
