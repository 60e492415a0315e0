// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml.hpp"

#include "cli/output/result.hpp"
#include "documents/json.hpp"

namespace deployctl::cli {

namespace {

documents::YamlNode node_of(const Value& value) {
    documents::YamlNode node;
    if (value.is_string()) {
        return documents::yaml_text(value.text(""));
    }
    if (value.is_object()) {
        node.kind = documents::YamlKind::map;
        for (const auto& [key, member] : value.members()) {
            node.entries.push_back({key, {}, node_of(member)});
        }
    } else if (value.is_array()) {
        node.kind = documents::YamlKind::list;
        for (const auto& item : value.items()) {
            node.items.push_back(node_of(item));
        }
    } else {
        return documents::yaml_plain(documents::write_json(value));
    }
    return node;
}

}  // namespace

std::string write_yaml(const Value& value) {
    return documents::write_yaml(node_of(value));
}

}  // namespace deployctl::cli
