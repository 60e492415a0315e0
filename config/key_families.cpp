// SPDX-License-Identifier: Apache-2.0
#include "config/key_families.hpp"

#include <deque>
#include <string>
#include <utility>

namespace deployctl::config {

namespace {

/// A path is a view: whoever makes one keeps it.
std::string_view kept_path(std::string_view parent, std::string_view name) {
    static std::deque<std::string> paths;
    return paths.emplace_back(std::string(parent) + "." + std::string(name));
}

}  // namespace

void KeyTable::add(std::span<const Key> more) {
    keys_.insert(keys_.end(), more.begin(), more.end());
}

void KeyTable::add_below(std::span<const std::string_view> parents, std::span<const Key> more) {
    for (const auto parent : parents) {
        for (auto key : more) {
            key.path = kept_path(parent, key.path);
            keys_.push_back(key);
        }
    }
}

std::vector<Key> KeyTable::take() {
    return std::move(keys_);
}

}  // namespace deployctl::config
