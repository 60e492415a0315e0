// SPDX-License-Identifier: Apache-2.0
// All languages and inputs: one row each, in the order in which they are asked.
#include "documents/tree_of_yaml.hpp"
#include "readiness/input.hpp"

#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

ReadText read_yaml(std::string text) {
    Diagnostics diagnostics;
    ReadText read{documents::tree_of_yaml(std::move(text), diagnostics), {}};
    if (!diagnostics.empty()) {
        const auto& first = diagnostics.front();
        read.trouble = {
            first.message,
            {static_cast<std::uint32_t>(first.place.line),
             static_cast<std::uint32_t>(first.place.column)}
        };
    }
    return read;
}

bool is_yaml(std::string_view path, std::string_view /*text*/) {
    return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

const std::array languages = {
    Language{"yaml", is_yaml, read_yaml},
};

const std::array<Input, 0> inputs = {};

}  // namespace

std::span<const Language> all_languages() {
    return languages;
}

std::span<const Input> all_inputs() {
    return inputs;
}

}  // namespace deployctl::readiness
