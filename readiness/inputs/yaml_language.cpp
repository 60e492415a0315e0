// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/yaml_language.hpp"

#include "documents/yaml_tree_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

bool is_yaml(std::string_view path, std::string_view /*text*/) {
    static constexpr std::array<std::string_view, 3> endings = {".yaml", ".yml", ".json"};
    static constexpr std::array<std::string_view, 3> locks = {
        "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"
    };
    const auto name = path.substr(path.rfind('/') + 1);
    return name == "Kustomization" ||
           (std::ranges::any_of(endings, [&](auto end) { return name.ends_with(end); }) &&
            std::ranges::find(locks, name) == locks.end());
}

ReadText read(std::string text) {
    auto yaml = documents::read_yaml_tree(std::move(text));
    return {std::move(yaml.tree), {std::move(yaml.trouble), yaml.spot}};
}

}  // namespace

Language yaml_language() {
    return {"yaml", is_yaml, read};
}

}  // namespace deployctl::readiness
