// SPDX-License-Identifier: Apache-2.0
#include "readiness/patched_places.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"

#include <array>
#include <re2/re2.h>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr std::array<std::string_view, 3> lists_of_patches = {
    "patches", "patchesStrategicMerge", "patchesJson6902"
};

std::string_view last_part(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == path.npos ? path : path.substr(slash + 1);
}

}  // namespace

bool is_json_patch(const Node& root) {
    return root.is_list() && !root.items.empty() && root.items.front().at("op").is_scalar() &&
           root.items.front().at("path").is_scalar();
}

PatchedPlaces::PatchedPlaces(const Reach& reach, const std::deque<AssessedFile>& files)
    : reach_(reach) {
    std::map<std::string_view, const AssessedFile*> by_path;
    for (const auto& file : files) {
        if (!file.tree.roots().empty() && is_json_patch(file.tree.roots().front())) {
            by_path.emplace(file.path, &file);
        }
    }
    for (const auto& layer : reach.layers) {
        note_kustomization(*layer.kustomization);
        for (const auto& patch : layer.kustomization->patches) {
            if (const auto file = by_path.find(patch.path); file != by_path.end()) {
                note_operations(file->second->tree.roots().front(), file->second->number);
            }
        }
    }
}

void PatchedPlaces::note_kustomization(const Kustomization& here) {
    const auto source = here.file->number;
    for (const auto& [part, key] : {std::pair("images", "image"), {"replicas", "replicas"}}) {
        if (const auto& made = here.root->at(part); made.exists()) {
            note(key, {source, made.spot});
        }
    }
    for (const auto part : lists_of_patches) {
        note_patches(here.root->at(part), source);
    }
}

void PatchedPlaces::note_patches(const Node& patches, std::uint32_t source) {
    for (const auto& patch : patches.items) {
        note_text(patch.is_map() ? patch.at("patch") : patch, source);
    }
}

/// Each line of a text in place names fields, or the path of one.
void PatchedPlaces::note_text(const Node& text, std::uint32_t source) {
    static const RE2 field("([A-Za-z0-9_.-]+)[\"']?:");
    static const RE2 path("path[\"']?:[ ]*[\"']?[^ \"']*/([^/ \"']+)");
    const bool is_block = text.text.find('\n') != text.text.npos;
    auto spot = text.spot;
    spot.line += is_block ? 1 : 0;
    spot.column = is_block ? 1 : spot.column;
    for (auto rest = text.text; !rest.empty(); ++spot.line) {
        const auto line = rest.substr(0, rest.find('\n'));
        re2::StringPiece left(line.data(), line.size());
        std::string key;
        if (RE2::PartialMatch(left, path, &key)) {
            note(key, {source, spot});
        }
        while (RE2::FindAndConsume(&left, field, &key)) {
            note(key, {source, spot});
        }
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
}

void PatchedPlaces::note_operations(const Node& list, std::uint32_t source) {
    for (const auto& operation : list.items) {
        note(last_part(operation.text_at("path")), {source, operation.spot});
    }
}

void PatchedPlaces::note(std::string_view key, const SourcePlace& place) {
    by_key_.try_emplace(std::string(key), place);
}

std::optional<SourcePlace> PatchedPlaces::of_field(std::string_view key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SourcePlace> PatchedPlaces::of_object(const Node& object) const {
    const bool is_secret = object.text_at("kind") == "Secret";
    const auto* const part = is_secret ? "secretGenerator" : "configMapGenerator";
    for (const auto& layer : reach_.layers) {
        for (const auto& made : layer.kustomization->root->at(part).items) {
            const auto name = layer.prefix + std::string(made.text_at("name"));
            if (name_of(object).starts_with(name)) {
                return SourcePlace{layer.kustomization->file->number, made.spot};
            }
        }
    }
    if (reach_.layers.empty()) {
        return std::nullopt;
    }
    const auto& top = *reach_.layers.front().kustomization;
    return SourcePlace{top.file->number, top.root->spot};
}

}  // namespace deployctl::readiness
