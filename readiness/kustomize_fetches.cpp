// SPDX-License-Identifier: Apache-2.0
#include "readiness/kustomize_fetches.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// The tool takes them in any mix of capitals. Exactly these are read here, so others are refused.
constexpr std::array<std::string_view, 35> known_fields = {
    "apiVersion",
    "bases",
    "buildMetadata",
    "commonAnnotations",
    "commonLabels",
    "components",
    "configMapGenerator",
    "configurations",
    "crds",
    "generatorOptions",
    "generators",
    "helmChartInflationGenerator",
    "helmCharts",
    "helmGlobals",
    "imageTags",
    "images",
    "kind",
    "labels",
    "metadata",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "openapi",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "replicas",
    "resources",
    "secretGenerator",
    "sortOptions",
    "transformers",
    "validators",
    "vars",
    "inventory",
};
/// Whatever is in them is never opened.
constexpr std::array<std::string_view, 17> plain_data = {
    "buildMetadata",
    "commonAnnotations",
    "commonLabels",
    "generatorOptions",
    "imageTags",
    "images",
    "labels",
    "literals",
    "metadata",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "patch",
    "replicas",
    "target",
    "valuesInline",
    "vars",
};
/// Their files, and texts in place, are configurations that name files in turn.
constexpr std::array<std::string_view, 3> lists_of_plugins = {
    "generators", "transformers", "validators"
};

bool contains(const auto& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

std::string is_not_fetched(std::string_view what) {
    constexpr std::size_t longest = 200;
    const auto line = what.substr(0, std::min(what.find('\n'), longest));
    return "uses " + std::string(line) + ", which is outside and is not fetched";
}

/// The first text that is no plain data and is remote; empty: none.
std::string_view first_remote(const Node& node) {
    if (node.is_scalar()) {
        return is_remote(node.text) ? node.text : std::string_view();
    }
    for (const auto& item : node.items) {
        if (const auto found = first_remote(item); !found.empty()) {
            return found;
        }
    }
    for (const auto& entry : node.entries) {
        if (contains(plain_data, entry.key)) {
            continue;
        }
        if (const auto found = first_remote(entry.value); !found.empty()) {
            return found;
        }
    }
    return {};
}

/// A patch in place may speak of any address; as a path, a text of several lines leads nowhere.
std::string_view first_remote_patch(const Node& patches) {
    for (const auto& item : patches.items) {
        const bool is_in_place = item.is_scalar() && item.text.find('\n') != item.text.npos;
        const auto found = is_in_place ? std::string_view() : first_remote(item);
        if (!found.empty()) {
            return found;
        }
    }
    return {};
}

std::string judge_fields(const Node& root) {
    for (const auto& entry : root.entries) {
        if (!contains(known_fields, entry.key)) {
            return "has a field " + std::string(entry.key.substr(0, 60)) +
                   ", which kustomize does not have in these letters";
        }
        const auto found = entry.key == std::string_view("patchesStrategicMerge")
                               ? first_remote_patch(entry.value)
                           : contains(plain_data, entry.key) ? std::string_view()
                                                             : first_remote(entry.value);
        if (!found.empty()) {
            return is_not_fetched(found);
        }
    }
    return {};
}

std::string judge_plugin(const std::string& path, const Facts& facts) {
    const auto* const file = facts.file(path);
    if (file == nullptr || !file->trouble.what.empty() || file->tree.roots().empty()) {
        return "takes a configuration from " + path + ", which is no file that could be read";
    }
    for (const auto& root : file->tree.roots()) {
        if (const auto found = first_remote(root); !found.empty()) {
            return is_not_fetched(found);
        }
    }
    return {};
}

std::string judge_plugins(const Kustomization& layer, const Facts& facts) {
    for (const auto list : lists_of_plugins) {
        for (const auto& entry : layer.root->at(list).items) {
            const bool is_in_place = entry.text.find('\n') != entry.text.npos;
            const auto path = is_in_place ? std::nullopt : joined_path(layer.folder, entry.text);
            auto why = path ? judge_plugin(*path, facts) : std::string();
            if (!why.empty()) {
                return why;
            }
        }
    }
    return {};
}

}  // namespace

std::string reason_not_to_run(
    const Kustomization& layer, const Kustomizations& all, const Facts& facts
) {
    if (!layer.elsewhere.empty()) {
        return is_not_fetched(layer.elsewhere.front());
    }
    auto why = judge_fields(*layer.root);
    why = why.empty() ? judge_plugins(layer, facts) : why;
    if (!why.empty()) {
        return why;
    }
    const auto unknown = std::ranges::find_if(layer.uses, [&](const std::string& used) {
        return !all.contains(used) && facts.file(used) == nullptr;
    });
    return unknown == layer.uses.end() ? "" : "uses " + *unknown + ", which was not read";
}

}  // namespace deployctl::readiness
