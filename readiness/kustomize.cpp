// SPDX-License-Identifier: Apache-2.0
#include "readiness/kustomize.hpp"

#include "model/text.hpp"
#include "readiness/inputs/environment_names.hpp"
#include "readiness/inputs/paths.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr std::array<std::string_view, 3> file_names = {
    "kustomization.yaml", "kustomization.yml", "Kustomization"
};
constexpr std::array<std::string_view, 7> lists_of_uses = {
    "resources", "bases", "components", "crds", "generators", "transformers", "validators"
};
constexpr std::array<std::string_view, 3> lists_of_patches = {
    "patches", "patchesJson6902", "patchesStrategicMerge"
};
constexpr std::array<std::string_view, 8> remote_beginnings = {
    "git@", "git::", "gh:", "github.com/", "github.com:", "gitlab.com/", "bitbucket.org/", "ssh:"
};

/// More are on nobody's way, but a hostile one's: each doubles the next.
constexpr std::size_t most_layers = 1'000;
/// No object has a longer one.
constexpr std::size_t longest_name = 253;

bool contains(const auto& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void note_use(std::string_view path, Kustomization& by, std::vector<std::string>& where) {
    const auto inside = is_remote(path) ? std::nullopt : joined_path(by.folder, path);
    if (inside) {
        where.push_back(*inside);
    } else {
        by.elsewhere.emplace_back(path);
    }
}

/// An entry of a list of patches: a path, a text in place, or a map with either and a target.
void note_patch(const Node& entry, Kustomization& by) {
    const auto path = entry.is_map() ? entry.text_at("path") : entry.text;
    if (path.empty() || path.find('\n') != path.npos) {
        return;
    }
    std::vector<std::string> found;
    note_use(path, by, found);
    for (auto& inside : found) {
        const auto& target = entry.at("target");
        by.patches.push_back({std::move(inside), target.is_map() ? &target : nullptr});
    }
}

Kustomization read(const AssessedFile& file, const Node& root) {
    Kustomization made;
    made.file = &file;
    made.root = &root;
    made.folder = std::string(folder_of(file.path));
    made.is_component = root.text_at("kind") == "Component";
    for (const auto list : lists_of_uses) {
        for (const auto& entry : root.at(list).items) {
            if (entry.text.find('\n') == entry.text.npos && !entry.text.empty()) {
                note_use(entry.text, made, made.uses);
            }
        }
    }
    for (const auto list : lists_of_patches) {
        for (const auto& entry : root.at(list).items) {
            note_patch(entry, made);
        }
    }
    return made;
}

/// Walks down from one folder, noting those on the way to find rings.
class Walk {
public:
    explicit Walk(const Kustomizations& all) : all_(all) {}

    void enter(std::string_view folder, const std::string& prefix, const std::string& suffix) {
        const auto found = all_.find(folder);
        if (found == all_.end() || reach_.layers.size() >= most_layers) {
            return;
        }
        if (on_way_.contains(folder)) {
            if (reach_.ring.empty()) {
                reach_.ring.assign(std::find(way_.begin(), way_.end(), folder), way_.end());
            }
            return;
        }
        const auto& here = found->second;
        const Layer layer{
            &here,
            (prefix + std::string(here.root->text_at("namePrefix"))).substr(0, longest_name),
            (std::string(here.root->text_at("nameSuffix")) + suffix).substr(0, longest_name)
        };
        reach_.layers.push_back(layer);
        way_.emplace_back(folder);
        on_way_.insert(here.folder);
        for (const auto& used : here.uses) {
            enter(used, layer.prefix, layer.suffix);
        }
        way_.pop_back();
        on_way_.erase(here.folder);
    }

    Reach take() { return std::move(reach_); }

private:
    const Kustomizations& all_;
    Reach reach_;
    std::vector<std::string> way_;
    std::set<std::string_view> on_way_;
};

}  // namespace

bool is_remote(std::string_view path) {
    const auto lower = deployctl::lower(std::string(path));
    const auto user = lower.find('@');
    const bool is_at_host = user != lower.npos && lower.find(':', user) != lower.npos;
    return lower.find("://") != lower.npos || lower.find("?ref=") != lower.npos ||
           lower.find("//") != lower.npos || is_at_host ||
           std::ranges::any_of(remote_beginnings, [&](std::string_view begin) {
               return lower.starts_with(begin);
           });
}

bool is_kustomization(std::string_view path) {
    return contains(file_names, base_name(path));
}

Kustomizations read_kustomizations(const std::deque<AssessedFile>& files) {
    Kustomizations all;
    for (const auto& file : files) {
        if (file.rendering.empty() && is_kustomization(file.path) && !file.tree.roots().empty()) {
            all.emplace(folder_of(file.path), read(file, file.tree.roots().front()));
        }
    }
    return all;
}

Reach reach_of(const Kustomizations& all, std::string_view root) {
    Walk walk(all);
    walk.enter(root, {}, {});
    return walk.take();
}

std::vector<std::string> render_roots(const Kustomizations& all) {
    std::set<std::string, std::less<>> used;
    for (const auto& [folder, kustomization] : all) {
        used.insert(kustomization.uses.begin(), kustomization.uses.end());
    }
    std::vector<std::string> roots;
    std::set<std::string, std::less<>> reached;
    const auto take = [&](const std::string& folder) {
        roots.push_back(folder);
        for (const auto& layer : reach_of(all, folder).layers) {
            reached.insert(layer.kustomization->folder);
        }
    };
    for (const auto& [folder, kustomization] : all) {
        if (!kustomization.is_component &&
            (!used.contains(folder) || !environment_of_rendering(folder).empty())) {
            take(folder);
        }
    }
    for (const auto& [folder, kustomization] : all) {
        if (!kustomization.is_component && !reached.contains(folder)) {
            take(folder);
        }
    }
    std::sort(roots.begin(), roots.end());
    return roots;
}

}  // namespace deployctl::readiness
