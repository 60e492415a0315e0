// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include <algorithm>
#include <charconv>

namespace deployctl::config {

namespace {

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

std::vector<const Key*> keys_below(std::string_view path) {
    std::vector<const Key*> below;
    for (const auto& key : all_keys()) {
        const auto dot = key.path.rfind('.');
        const auto parent =
            dot == std::string_view::npos ? std::string_view() : key.path.substr(0, dot);
        if (parent == path) {
            below.push_back(&key);
        }
    }
    return below;
}

bool is_for(const Key& key, std::string_view type) {
    if (key.only.empty() || type.empty()) {
        return true;
    }
    const auto types = split_choices(key.only);
    return std::ranges::count(types, type) > 0;
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
