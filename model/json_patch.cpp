// SPDX-License-Identifier: Apache-2.0
#include "model/json_patch.hpp"

#include <optional>

namespace deployctl {

namespace {

std::string parent_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

std::optional<PatchRefused> apply_one(const PatchOperation& operation, Value& document) {
    const auto& path = operation.path;
    const bool has_parent = path.empty() || document.has(parent_of(path));
    if (!has_parent) {
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
        case PatchVerb::add: document.set(path, operation.value); return std::nullopt;
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
