// SPDX-License-Identifier: Apache-2.0
#include "model/json_patch.hpp"

#include "model/text.hpp"

#include <optional>
#include <string_view>

namespace deployctl {

namespace {

constexpr std::string_view past_the_end = "-";

std::string parent_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

bool may_hold_members(const Value& parent) {
    return parent.is_object() || parent.is_array();
}

/// Where an item added as `key` comes to stand; nothing where the list ends before.
std::optional<std::size_t> place_of_new_item(const std::string& key, std::size_t size) {
    if (key == past_the_end) {
        return size;
    }
    const auto index = whole_number<std::size_t>(key);
    return index && *index <= size ? index : std::nullopt;
}

std::optional<PatchRefused> add(const PatchOperation& operation, Value& document) {
    const auto& path = operation.path;
    const auto parent = parent_of(path);
    if (path.empty() || !document.at(parent).is_array()) {
        document.set(path, operation.value);
        return std::nullopt;
    }
    auto items = document.items(parent);
    const auto place = place_of_new_item(path.substr(parent.size() + 1), items.size());
    if (!place) {
        return PatchRefused{"no place " + path + " in a list of " + std::to_string(items.size())};
    }
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(*place), operation.value);
    document.set(parent, std::move(items));
    return std::nullopt;
}

std::optional<PatchRefused> apply_one(const PatchOperation& operation, Value& document) {
    const auto& path = operation.path;
    if (!path.empty() && (path[0] != '/' || !may_hold_members(document.at(parent_of(path))))) {
        return PatchRefused{"missing path " + path};
    }
    switch (operation.verb) {
        case PatchVerb::test:
            if (document.at(path) != operation.value) {
                return PatchRefused{"testing path " + path + " value failed"};
            }
            return std::nullopt;
        case PatchVerb::replace:
            if (!document.has(path)) {
                return PatchRefused{"replace of missing " + path};
            }
            document.set(path, operation.value);
            return std::nullopt;
        case PatchVerb::remove:
            if (!document.has(path)) {
                return PatchRefused{"remove of missing " + path};
            }
            document.erase(path);
            return std::nullopt;
        case PatchVerb::add: return add(operation, document);
    }
    return std::nullopt;
}

}  // namespace

std::variant<Value, PatchRefused> apply(const JsonPatch& patch, Value document) {
    for (const auto& operation : patch) {
        if (auto refused = apply_one(operation, document)) {
            return *refused;
        }
    }
    return document;
}

Value to_value(const JsonPatch& patch) {
    Value::Array operations;
    for (const auto& operation : patch) {
        auto entry = Value::map({{"op", to_text(operation.verb)}, {"path", operation.path}});
        if (operation.verb != PatchVerb::remove) {
            entry.set("/value", operation.value);
        }
        operations.push_back(std::move(entry));
    }
    return operations;
}

const char* to_text(PatchVerb verb) {
    switch (verb) {
        case PatchVerb::test: return "test";
        case PatchVerb::add: return "add";
        case PatchVerb::replace: return "replace";
        case PatchVerb::remove: return "remove";
    }
    return "";
}

}  // namespace deployctl
