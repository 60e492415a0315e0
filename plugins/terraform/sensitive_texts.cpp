// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/sensitive_texts.hpp"

#include "documents/json.hpp"

namespace deployctl::plugins::terraform {

namespace {

void add_all(const Value& value, std::vector<std::string>& texts) {
    if (value.is_object()) {
        for (const auto& [name, one] : value.members()) {
            add_all(one, texts);
        }
    } else if (value.is_array()) {
        for (const auto& one : value.items()) {
            add_all(one, texts);
        }
    } else if (value.is_string()) {
        texts.push_back(value.text(""));
    } else if (!value.is_null()) {
        texts.push_back(documents::write_json(value));
    }
}

/// Marks have the shape of the value: `true` where all beneath is meant.
void add_marked(const Value& value, const Value& marks, std::vector<std::string>& texts) {
    if (marks.flag("")) {
        add_all(value, texts);
    } else if (marks.is_object() && value.is_object()) {
        for (const auto& [name, mark] : marks.members()) {
            add_marked(value.at("/" + escape_pointer(name)), mark, texts);
        }
    } else if (marks.is_array() && value.is_array()) {
        const auto& values = value.items();
        const auto& of_values = marks.items();
        for (std::size_t i = 0; i < std::min(values.size(), of_values.size()); ++i) {
            add_marked(values[i], of_values[i], texts);
        }
    }
}

void add_change(const Value& change, std::vector<std::string>& texts) {
    add_marked(change.at("/before"), change.at("/before_sensitive"), texts);
    add_marked(change.at("/after"), change.at("/after_sensitive"), texts);
}

/// A variable is marked where it is declared, not where its value stands.
void add_variables(const Value& plan, std::vector<std::string>& texts) {
    for (const auto& [name, declared] : plan.members("/configuration/root_module/variables")) {
        if (declared.flag("/sensitive")) {
            add_all(plan.at("/variables/" + escape_pointer(name) + "/value"), texts);
        }
    }
}

}  // namespace

std::vector<std::string> sensitive_texts(const Value& plan) {
    std::vector<std::string> texts;
    for (const auto* list : {"/resource_changes", "/resource_drift"}) {
        for (const auto& resource : plan.items(list)) {
            add_change(resource.at("/change"), texts);
        }
    }
    for (const auto& [name, change] : plan.members("/output_changes")) {
        add_change(change, texts);
    }
    add_variables(plan, texts);
    return texts;
}

}  // namespace deployctl::plugins::terraform
