// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace deployctl::config {

namespace {

constexpr std::string_view type_with_methods = "analysis";
constexpr std::string_view usual_method = "sequential";

double number(std::string_view text) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

const Key* find_key(std::string_view path) {
    const auto keys = all_keys();
    const auto found = std::ranges::find(keys, path, &Key::path);
    return found == keys.end() ? nullptr : &*found;
}

/// Asked once for every map of a file, of which there may be very many.
std::vector<const Key*> keys_below(std::string_view path) {
    static const auto below = [] {
        std::map<std::string_view, std::vector<const Key*>> found;
        for (const auto& key : all_keys()) {
            const auto dot = key.path.rfind('.');
            const bool is_nested = dot != std::string_view::npos;
            found[is_nested ? key.path.substr(0, dot) : std::string_view()].push_back(&key);
        }
        return found;
    }();
    const auto found = below.find(path);
    return found == below.end() ? std::vector<const Key*>() : found->second;
}

std::string_view kind_of(std::string_view type, std::string_view method) {
    if (type != type_with_methods) {
        return type;
    }
    return method.empty() ? usual_method : method;
}

std::vector<std::string_view> methods_of(
    const std::vector<const Key*>& keys, std::string_view type
) {
    const auto method = std::ranges::find(keys, "method", &Key::name);
    const bool has_methods = type == type_with_methods && method != keys.end();
    return has_methods ? split_choices((*method)->allowed) : std::vector<std::string_view>{""};
}

bool is_for(const Key& key, std::string_view kind) {
    if (key.only.empty() || kind.empty()) {
        return true;
    }
    for (auto rest = key.only; !rest.empty();) {
        const auto bar = rest.find('|');
        if (rest.substr(0, bar) == kind) {
            return true;
        }
        rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
    }
    return false;
}

bool takes_notes(KeyType type) {
    return type == KeyType::queries || type == KeyType::durations || type == KeyType::texts_by_name;
}

std::vector<std::string_view> split_choices(std::string_view choices) {
    std::vector<std::string_view> parts;
    while (!choices.empty()) {
        const auto bar = choices.find('|');
        parts.push_back(choices.substr(0, bar));
        choices = bar == std::string_view::npos ? std::string_view() : choices.substr(bar + 1);
    }
    return parts;
}

Range range_of(const Key& key) {
    const auto dots = key.allowed.find("..");
    return {number(key.allowed.substr(0, dots)), number(key.allowed.substr(dots + 2))};
}

}  // namespace deployctl::config
