// SPDX-License-Identifier: Apache-2.0
#include "readiness/origins.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/patched_places.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::Spot;
using documents::Tree;

/// A node of a file, and the number of that file.
struct Origin {
    const Node* node = nullptr;
    std::uint32_t source = 0;
};

using Origins = std::vector<Origin>;  ///< the outermost first

struct Candidate {
    Origin origin;
    std::string name;              ///< as it is after prefixes and suffixes
    const Node* target = nullptr;  ///< of a patch
};

using Candidates = std::map<std::string, std::vector<Candidate>, std::less<>>;  ///< by kind

constexpr std::array<std::string_view, 4> names_of_items = {"name", "mountPath", "key", "host"};

/// Every object that the layers reach, patches of a layer before its resources.
class Sources {
public:
    Sources(const Reach& reach, const std::deque<AssessedFile>& files) {
        for (const auto& file : files) {
            if (file.rendering.empty()) {
                files_.emplace(file.path, &file);
            }
        }
        for (const auto& layer : reach.layers) {
            for (const auto& patch : layer.kustomization->patches) {
                note(patch.path, layer, patch.target);
            }
            for (const auto& used : layer.kustomization->uses) {
                note(used, layer, nullptr);
            }
        }
    }

    Origins of(const Node& object) const {
        Origins found;
        const auto name = name_of(object);
        const auto all = by_kind_.find(object.text_at("kind"));
        if (all == by_kind_.end()) {
            return found;
        }
        for (const auto& candidate : all->second) {
            if (fits(candidate, name)) {
                found.push_back(candidate.origin);
            }
        }
        return found;
    }

private:
    static bool fits(const Candidate& candidate, std::string_view name) {
        const auto aimed =
            candidate.target == nullptr ? std::string_view() : candidate.target->text_at("name");
        return candidate.name == name ||
               (candidate.target != nullptr && (aimed.empty() || name.find(aimed) != name.npos));
    }

    void note(const std::string& path, const Layer& layer, const Node* target) {
        const auto file = files_.find(path);
        if (file == files_.end()) {
            return;
        }
        for (const auto& root : file->second->tree.roots()) {
            for (const auto* object : objects_of(root)) {
                auto name = layer.prefix + std::string(name_of(*object)) + layer.suffix;
                by_kind_[std::string(object->text_at("kind"))].push_back(
                    {{object, file->second->number}, std::move(name), target}
                );
            }
        }
    }

    std::map<std::string_view, const AssessedFile*> files_;
    Candidates by_kind_;
};

const Node* item_like(const Node& list, const Node& item, std::size_t number) {
    for (const auto key : names_of_items) {
        const auto name = item.text_at(key);
        if (name.empty()) {
            continue;
        }
        const auto found = std::find_if(list.items.begin(), list.items.end(), [&](const Node& one) {
            return one.text_at(key) == name;
        });
        return found == list.items.end() ? nullptr : &*found;
    }
    if (item.is_scalar()) {
        const auto found = std::find_if(list.items.begin(), list.items.end(), [&](const Node& one) {
            return one.is_scalar() && one.text == item.text;
        });
        return found == list.items.end() ? nullptr : &*found;
    }
    return number < list.items.size() ? &list.items[number] : nullptr;
}

class Copying {
public:
    Copying(Tree& into, const PatchedPlaces& patched) : into_(into), patched_(patched) {}

    /// `above` is where the owner stands: the place of what has none of its own.
    Node copy(
        const Node& node, const Origins& origins, const SourcePlace& above, std::string_view key
    ) {
        const auto place = place_of(node, origins, above, key);
        Node made;
        if (node.is_map()) {
            made = into_.map({}, copy_entries(node, origins, place));
        } else if (node.is_list()) {
            made = into_.list({}, copy_items(node, origins, place));
        } else {
            made = into_.scalar({}, into_.keep(node.text), node.kind);
        }
        made.source = place.source;
        made.spot = place.spot;
        return made;
    }

private:
    /// What a file has in other words, or not at all, was changed on the way.
    SourcePlace place_of(
        const Node& node, const Origins& origins, const SourcePlace& above, std::string_view key
    ) const {
        const auto found = std::find_if(origins.begin(), origins.end(), [&](const Origin& one) {
            return one.node->is_scalar() == node.is_scalar() &&
                   (!node.is_scalar() || one.node->text == node.text);
        });
        if (found != origins.end()) {
            return {found->source, found->node->spot};
        }
        if (const auto made = key.empty() ? std::nullopt : patched_.of_field(key)) {
            return *made;
        }
        return origins.empty() ? above
                               : SourcePlace{origins.front().source, origins.front().node->spot};
    }

    std::vector<NodeEntry> copy_entries(
        const Node& node, const Origins& origins, const SourcePlace& place
    ) {
        std::vector<NodeEntry> entries;
        for (const auto& entry : node.entries) {
            Origins inner;
            Spot spot = place.spot;
            for (const auto& origin : origins) {
                if (const auto* const same = origin.node->find(entry.key)) {
                    spot = inner.empty() ? same->spot : spot;
                    inner.push_back({&same->value, origin.source});
                }
            }
            entries.push_back(
                {into_.keep(entry.key), spot, copy(entry.value, inner, place, entry.key)}
            );
        }
        return entries;
    }

    std::vector<Node> copy_items(
        const Node& node, const Origins& origins, const SourcePlace& place
    ) {
        std::vector<Node> items;
        for (std::size_t number = 0; number < node.items.size(); ++number) {
            Origins inner;
            for (const auto& origin : origins) {
                if (const auto* const same = item_like(*origin.node, node.items[number], number)) {
                    inner.push_back({same, origin.source});
                }
            }
            items.push_back(copy(node.items[number], inner, place, {}));
        }
        return items;
    }

    Tree& into_;
    const PatchedPlaces& patched_;
};

}  // namespace

Tree with_origins(const Tree& rendered, const Reach& reach, const std::deque<AssessedFile>& files) {
    Tree made;
    const Sources sources(reach, files);
    const PatchedPlaces patched(reach, files);
    Copying copying(made, patched);
    for (const auto& root : rendered.roots()) {
        const auto origins = sources.of(root);
        const auto above = patched.of_object(root).value_or(SourcePlace{0, root.spot});
        made.add_root(copying.copy(root, origins, above, {}));
    }
    return made;
}

}  // namespace deployctl::readiness
