// SPDX-License-Identifier: Apache-2.0
#include "config/stack_semantics.hpp"

#include "config/entries.hpp"
#include "model/environments.hpp"

#include <algorithm>
#include <filesystem>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlNode;

/// "infra/data" of "./infra/data/".
std::string plain_folder(const std::string& dir) {
    auto text = std::filesystem::path(dir).lexically_normal().string();
    if (text.size() > 1 && text.ends_with('/')) {
        text.pop_back();
    }
    return text;
}

/// Terraform calls the one that it begins with so.
std::string workspace_of(const StackSettings& stack) {
    return stack.workspace.empty() ? "default" : stack.workspace;
}

bool is_of_each_environment(const StackSettings& stack) {
    const auto varies = [](const std::string& text) {
        return text.find("${env}") != text.npos || text.find("${namespace}") != text.npos;
    };
    return varies(stack.dir) || varies(stack.workspace) ||
           std::ranges::any_of(stack.backend_config, varies);
}

bool meet(const StackSettings& one, const StackSettings& other) {
    const auto is_shared = [&other](const std::string& environment) {
        return holds_in(other.environments, environment);
    };
    return one.environments.empty() || std::ranges::any_of(one.environments, is_shared);
}

/// Other settings of the backend may lead elsewhere; the same ones do not.
bool are_one_state(const StackSettings& one, const StackSettings& other) {
    return plain_folder(one.dir) == plain_folder(other.dir) &&
           workspace_of(one) == workspace_of(other) && one.backend_config == other.backend_config &&
           (meet(one, other) || !is_of_each_environment(one));
}

void add_shared(const YamlEntry& first, const YamlEntry& second, Report& report) {
    auto& wrong = report.add(
        "C1130", "stacks `" + first.key + "` and `" + second.key + "` share one state", second.place
    );
    wrong.note = "the other one is in line " + std::to_string(first.place.line) +
                 ": same `dir`, `workspace` and `backend_config`";
    wrong.docs = "infra.stacks.workspace";
    wrong.help = "give one of them another `workspace`, or make one stack of both";
}

}  // namespace

void check_states(const Configuration& configuration, const YamlNode& root, Report& report) {
    const auto& stacks = configuration.infra.stacks;
    std::vector<const YamlEntry*> earlier;
    for (const auto& entry : entries_at(root, {"infra", "stacks"})) {
        const auto stack = stacks.find(entry.key);
        if (stack == stacks.end() || stack->second.dir.empty() || report.is_full()) {
            continue;  // said already
        }
        const auto shared = std::ranges::find_if(earlier, [&](const YamlEntry* other) {
            return are_one_state(stacks.at(other->key), stack->second);
        });
        if (shared != earlier.end()) {
            add_shared(**shared, entry, report);
        }
        earlier.push_back(&entry);
    }
}

}  // namespace deployctl::config
