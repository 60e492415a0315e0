// SPDX-License-Identifier: Apache-2.0
#include "engine/planned_config.hpp"

#include "engine/config_places.hpp"
#include "engine/planned_tasks.hpp"
#include "engine/release.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr std::size_t longest_name = 253;
/// What the cluster fills in, and would not fill into a copy.
constexpr std::string_view token_type = "kubernetes.io/service-account-token";

std::string text_of(const ConfigInput& input) {
    return std::string(info(input.kind).name) + "/" + input.name;
}

/// Under the names that people know.
NewNames original_names(const std::vector<ConfigInput>& inputs) {
    NewNames names;
    for (const auto& input : inputs) {
        for (const auto& copy : input.copies) {
            names[{input.kind, copy}] = input.name;
        }
    }
    return names;
}

bool reads(const Value& pod_template, const ConfigInput& input) {
    return std::ranges::any_of(config_places(pod_template), [&](const ConfigPlace& place) {
        return place.kind == input.kind && place.name == input.name;
    });
}

std::string object_to(const ConfigInput& input, const Plan& plan) {
    const auto subject = text_of(input);
    if (!input.now) {
        return subject + ", which app.config_objects names, is not in namespace " +
               plan.target.kube_namespace + ": create it, or take it from the list";
    }
    if (input.type == token_type) {
        return subject +
               " is a token that the cluster fills in: it cannot be part of a version; "
               "take it from app.config_objects";
    }
    if (copy_name(input.name, input.now->hash).size() > longest_name) {
        return subject + ": its name is too long for a copy of it (at most 242 characters)";
    }
    return "";
}

void describe_keys(const ConfigInput& input, std::vector<std::string>& lines) {
    const auto subject = text_of(input) + ": key ";
    for (const auto& [key, hash] : input.now->keys) {
        const auto old = input.before->keys.find(key);
        if (old == input.before->keys.end()) {
            lines.push_back(subject + key + " is new");
        } else if (old->second != hash) {
            lines.push_back(subject + key + " changed");
        }
    }
    for (const auto& [key, hash] : input.before->keys) {
        if (!input.now->keys.contains(key)) {
            lines.push_back(subject + key + " is gone");
        }
    }
}

void describe(const ConfigInput& input, std::vector<std::string>& lines) {
    const auto copy = copy_name(input.name, input.now->hash);
    if (input.read_by_stable == copy) {
        return;
    }
    if (!input.before) {
        lines.push_back(text_of(input) + ": read from its copy " + copy + " from now on");
        return;
    }
    const auto known = lines.size();
    describe_keys(input, lines);
    if (lines.size() == known) {
        lines.push_back(text_of(input) + ": its type changed");
    }
}

void warn(const ConfigInput& input, const Plan& plan, std::vector<std::string>& warnings) {
    if (input.read_by_stable == input.name) {
        warnings.push_back(
            "the pods of " + plan.workload + " read " + text_of(input) +
            " itself until now: going back restores that reference, and no older data"
        );
    }
}

Value value_of(const ConfigInput& input) {
    return Value::map({
        {"kind", info(input.kind).name},
        {"name", input.name},
        {"copy", copy_name(input.name, input.now->hash)},
        {"sha256", input.now->hash},
    });
}

}  // namespace

std::vector<PlannedCopy> copies_of(const Plan& plan) {
    std::vector<PlannedCopy> copies;
    const auto& where = plan.target.kube_namespace;
    for (const auto& one : plan.release.copies) {
        const auto kind =
            one.view("/kind") == info(Kind::secret).name ? Kind::secret : Kind::config_map;
        copies.push_back(
            {{kind, where, one.text("/name")}, {kind, where, one.text("/copy")}, one.text("/sha256")
            }
        );
    }
    return copies;
}

ConfigFindings use_config(Plan& plan, const std::vector<ConfigInput>& inputs) {
    ConfigFindings found;
    const auto originals = original_names(inputs);
    auto& release = plan.release;
    const auto before = with_names(plan.snapshot.workload.at("/spec/template"), originals);
    const auto after = with_names(release.pod_template, originals);
    auto changes = describe_changes(before, after);
    NewNames copies;
    for (const auto& input : inputs) {
        if (const auto why_not = object_to(input, plan); !why_not.empty()) {
            found.refusals.push_back(why_not);
        } else if (!reads(after, input)) {
            found.warnings.push_back(
                text_of(input) + ", which app.config_objects names, is read by no pod of " +
                plan.workload + ": it is no part of this version"
            );
        } else {
            copies[{input.kind, input.name}] = copy_name(input.name, input.now->hash);
            release.copies.push_back(value_of(input));
            describe(input, changes);
            warn(input, plan, found.warnings);
        }
    }
    if (copies.empty()) {
        return found;
    }
    release.pod_template = with_names(after, copies);
    release.changes = std::move(changes);
    auto& steps = plan.course.steps;
    if (!steps.empty()) {
        steps.insert(first_change(steps), Step{"prepare", CopyConfig{}, {}});
    }
    return found;
}

}  // namespace deployctl::engine
