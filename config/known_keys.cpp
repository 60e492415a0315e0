// SPDX-License-Identifier: Apache-2.0
#include "config/known_keys.hpp"

#include <algorithm>

namespace deployctl::config {

namespace {

constexpr std::size_t names_in_note = 5;

}  // namespace

std::vector<std::string_view> usable_names(const std::vector<const Key*>& keys) {
    std::vector<std::string_view> names;
    for (const auto* key : keys) {
        if (key->presence != Presence::later) {
            names.push_back(key->name());
        }
    }
    std::ranges::sort(names);
    return names;
}

std::string known_here(const std::vector<std::string_view>& names) {
    std::string text = "known here: ";
    for (std::size_t i = 0; i < std::min(names.size(), names_in_note); ++i) {
        text += (i == 0 ? "" : ", ") + std::string(names[i]);
    }
    return names.size() > names_in_note ? text + ", …" : text;
}

/// The one other place where a key of this name is at home.
std::string elsewhere(std::string_view name) {
    const Key* found = nullptr;
    for (const auto& key : all_keys()) {
        if (key.name() == name && key.presence != Presence::later) {
            if (found != nullptr) {
                return "";
            }
            found = &key;
        }
    }
    return found == nullptr ? "" : std::string(found->path);
}

/// What a map at this path may begin with: "`{weight: 10}`".
std::string example_of_map(const std::string& path) {
    std::string text;
    const Key* first = nullptr;
    for (const auto* key : keys_below(path)) {
        if (key->presence == Presence::required) {
            const auto entry = std::string(key->name()) + ": " + std::string(key->example);
            text += (text.empty() ? "{" : ", ") + entry;
        }
        first = first == nullptr && key->presence != Presence::later ? key : first;
    }
    if (path.empty()) {
        return "`apiVersion: deployctl/v1` first; `deployctl config init` writes a whole file";
    }
    if (text.empty() && first != nullptr) {
        text = "{" + std::string(first->name()) + ": " + std::string(first->example);
    }
    return "`" + text + "}`";
}

}  // namespace deployctl::config
