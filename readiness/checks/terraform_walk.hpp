// SPDX-License-Identifier: Apache-2.0
// Looks through all that is written in a folder of Terraform. Pure; any thread.
#pragma once

#include "readiness/facts.hpp"

#include <string_view>

namespace deployctl::readiness {

/// Calls `seen(key, node)` for each value below, in order, until it says true; the node then, else
/// null. Items of lists have the list's key.
template <class Seen>
const documents::Node* find_value(
    const documents::Node& node, std::string_view key, const Seen& seen
) {
    if (seen(key, node)) {
        return &node;
    }
    for (const auto& item : node.items) {
        if (const auto* found = find_value(item, key, seen)) {
            return found;
        }
    }
    for (const auto& entry : node.entries) {
        if (const auto* found = find_value(entry.value, entry.key, seen)) {
            return found;
        }
    }
    return nullptr;
}

/// Calls `seen(block)` for each block of a type in the folder's files, until it says true.
template <class Seen>
const documents::Node* find_block(
    const documents::Node& directory, std::string_view type, const Seen& seen
) {
    for (const auto& file : directory.at("files").entries) {
        for (const auto& block : file.value.at(type).items) {
            if (seen(block)) {
                return &block;
            }
        }
    }
    return nullptr;
}

}  // namespace deployctl::readiness
