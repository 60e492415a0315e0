// SPDX-License-Identifier: Apache-2.0
#include "engine/config_inputs.hpp"

#include "documents/json.hpp"
#include "engine/config_places.hpp"

#include <algorithm>
#include <set>

namespace deployctl::engine {

namespace {

const Value* find_said(const std::vector<Value>& said, Kind kind, const std::string& name) {
    const auto found = std::ranges::find_if(said, [&](const Value& object) {
        return object.view("/kind") == info(kind).name && object.view("/metadata/name") == name;
    });
    return found == said.end() ? nullptr : &*found;
}

/// What the template reads under the name itself or one that has the form of a copy's.
std::set<std::string> names_read(const Value& pod_template, const ConfigInput& input) {
    std::set<std::string> names;
    for (const auto& place : config_places(pod_template)) {
        const bool is_meant = place.name == input.name || is_named_as_copy(place.name, input.name);
        if (place.kind == input.kind && is_meant) {
            names.insert(place.name);
        }
    }
    return names;
}

Task<ConfigInput> read_one(Cluster* cluster, const ConfigQuery* query, ConfigInput input) {
    const ObjectRef ref{input.kind, query->kube_namespace, input.name};
    const auto live = co_await cluster->get(ref);
    const auto* said = find_said(query->said, input.kind, input.name);
    if (said != nullptr || live) {
        const auto& object = said != nullptr ? *said : *live;
        input.now = content_of(object);
        input.type = object.text("/type");
    }
    const auto by_stable = names_read(query->live_template, input);
    auto read = names_read(query->next_template, input);
    read.insert(by_stable.begin(), by_stable.end());
    read.erase(input.name);
    if (by_stable.contains(input.name)) {
        input.read_by_stable = input.name;
    }
    for (const auto& name : read) {
        const ObjectRef place{input.kind, query->kube_namespace, name};
        const auto copy = co_await cluster->get(place);
        if (copy && !is_copy_of(*copy, input.name)) {
            continue;  // somebody else's, which only looks like one
        }
        input.copies.push_back(name);
        if (by_stable.contains(name)) {
            input.read_by_stable = name;
            input.before = copy ? std::optional(content_of(*copy)) : std::nullopt;
        }
    }
    co_return input;
}

}  // namespace

ConfigContent content_of(const Value& object) {
    ConfigContent content;
    content.hash = config_hash(object);
    for (const auto* part : {"/data", "/binaryData"}) {
        for (const auto& [key, value] : object.members(part)) {
            content.keys[key] = documents::sha256_hex(documents::write_json(value));
        }
    }
    return content;
}

Task<std::vector<ConfigInput>> read_config(Cluster& cluster, ConfigQuery query) {
    if (query.next_template.is_null()) {
        query.next_template = query.live_template;
    }
    std::vector<ConfigInput> wanted;
    for (const auto& name : query.names.config_maps) {
        wanted.push_back({Kind::config_map, name});
    }
    for (const auto& name : query.names.secrets) {
        wanted.push_back({Kind::secret, name});
    }
    std::vector<ConfigInput> inputs;
    auto* const asked = &cluster;
    const auto* const question = &query;
    for (const auto& one : wanted) {
        auto input = co_await read_one(asked, question, one);
        inputs.push_back(std::move(input));
    }
    co_return inputs;
}

}  // namespace deployctl::engine
