// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/compose.hpp"

#include "readiness/inputs/compose_service.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/recognition.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <re2/re2.h>
#include <set>
#include <string>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;

constexpr std::size_t most_links = 16;

bool is_compose_name(std::string_view path) {
    const auto name = base_name(path);
    const bool is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    return is_yaml && (name.starts_with("compose.") || name.starts_with("docker-compose.") ||
                       name.starts_with("docker-compose-"));
}

bool has_services(const Node& root) {
    const auto& services = root.at("services");
    return services.is_map() && !root.at("apiVersion").exists() &&
           std::ranges::all_of(
               services.entries, [](const NodeEntry& service) { return service.value.is_map(); }
           ) &&
           std::ranges::any_of(services.entries, [](const NodeEntry& service) {
               const auto& node = service.value;
               return node.find("image") != nullptr || node.find("build") != nullptr;
           });
}

/// Of what could not be read: by its text.
bool looks_like_compose(std::string_view source) {
    static const RE2 services("(?m)^services:\\s*$");
    static const RE2 images("(?m)^\\s+(image|build):");
    static const RE2 others("(?m)^(apiVersion|kind):");
    const re2::StringPiece text(source.data(), source.size());
    return RE2::PartialMatch(text, services) && RE2::PartialMatch(text, images) &&
           !RE2::PartialMatch(text, others);
}

bool takes(const AssessedFile& file) {
    const auto& roots = file.tree.roots();
    return is_compose_name(file.path) || (!roots.empty() && has_services(roots.front())) ||
           (!file.trouble.what.empty() && looks_like_compose(file.tree.source()));
}

std::string beside(const std::string& file, std::string_view relative) {
    return joined_path(folder_of(file), relative).value_or("");
}

/// The services of all compose files, each once, with what it extends.
class Composition {
public:
    Composition(FileList files, AssessedFile& made) : tree_(made.tree) {
        for (const auto* const file : files) {
            if (!file->tree.roots().empty()) {
                files_[file->path] = file;
            }
        }
    }

    /// Unknown where something that it extends is not in this tree.
    Node service(const AssessedFile& file, std::string_view name) {
        return with_compose_limits(extended(file, name), tree_);
    }

    Node root(const AssessedFile& file) {
        std::set<std::string> seen;
        auto whole = parts_with_includes(file, seen);
        tree_.set_source(file.number);
        const auto& written = file.tree.roots().front();
        std::vector<NodeEntry> services;
        for (const auto& entry : written.at("services").entries) {
            services.push_back({entry.key, entry.spot, service(file, entry.key)});
        }
        tree_.set_source(file.number);
        const auto made = tree_.frame(written.at("services"), services);
        std::vector<NodeEntry> entries(whole.entries.begin(), whole.entries.end());
        entries.push_back({"services", made.spot, made});
        return tree_.frame(written, entries);
    }

private:
    using Key = std::pair<const AssessedFile*, std::string>;

    const AssessedFile* file(const std::string& path) const {
        const auto found = files_.find(path);
        return found == files_.end() ? nullptr : found->second;
    }

    Node extended(const AssessedFile& file, std::string_view name) {
        const Key key{&file, std::string(name)};
        if (const auto known = known_.find(key); known != known_.end()) {
            return known->second;
        }
        const auto& written = services_of(file);
        const auto* const own = written.find(name);
        const bool is_circle = std::ranges::find(under_way_, key) != under_way_.end() ||
                               under_way_.size() > most_links;
        if (own == nullptr || is_circle) {
            return tree_.unknown(own == nullptr ? written : own->value);
        }
        under_way_.push_back(key);
        tree_.set_source(file.number);
        auto service = compose_service(own->value, tree_);
        const auto* const main = main_file(file, own->value);
        const auto* const below = main == nullptr ? nullptr : services_of(*main).find(name);
        if (below != nullptr) {
            service = merged(extended(*main, name), service);
        } else if (!is_whole(own->value) && main_of(file) != &file) {
            service = tree_.unknown(own->value);
        }
        service = with_base(file, service);
        under_way_.pop_back();
        known_.emplace(key, service);
        return service;
    }

    Node with_base(const AssessedFile& file, const Node& service) {
        const auto& extends = service.at("extends");
        if (!extends.exists()) {
            return service;
        }
        const auto& name = extends.is_map() ? extends.at("service") : extends;
        const auto& other = extends.at("file");
        const auto* const from =
            other.is_scalar() ? this->file(beside(file.path, other.text)) : &file;
        if (!name.is_scalar() || from == nullptr || other.is_unknown()) {
            return tree_.unknown(extends);
        }
        return merged(extended(*from, name.text), service);
    }

    Node merged(const Node& base, const Node& over) {
        return base.is_unknown() ? base : tree_.merged("", base, over);
    }

    static const Node& services_of(const AssessedFile& file) {
        return file.tree.roots().front().at("services");
    }

    static bool is_whole(const Node& service) {
        static constexpr std::array<std::string_view, 4> keys = {
            "image", "build", "extends", "provider"
        };
        return std::ranges::any_of(keys, [&](std::string_view key) {
            return service.find(key) != nullptr;
        });
    }

    /// The file of this folder that is read when no other is named.
    const AssessedFile* main_of(const AssessedFile& own) const {
        static constexpr std::array<std::string_view, 4> names = {
            "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"
        };
        for (const auto name : names) {
            if (const auto* const main = file(beside(own.path, name))) {
                return main;
            }
        }
        return nullptr;
    }

    /// The file that a service without an image, or of an override, adds to.
    const AssessedFile* main_file(const AssessedFile& own, const Node& service) const {
        const bool is_override = base_name(own.path).find("override") != std::string_view::npos;
        const auto* const main = main_of(own);
        return main == &own || (is_whole(service) && !is_override) ? nullptr : main;
    }

    /// Everything but the services.
    Node parts_with_includes(const AssessedFile& file, std::set<std::string>& seen) {
        const auto& written = file.tree.roots().front();
        tree_.set_source(file.number);
        std::vector<NodeEntry> entries;
        for (const auto& entry : written.entries) {
            if (entry.key != "services" && !entry.key.starts_with("x-")) {
                entries.push_back({entry.key, entry.spot, tree_.copy(entry.value)});
            }
        }
        auto parts = tree_.map(written, entries);
        seen.insert(file.path);
        for (const auto& include : parts.at("include").items) {
            for (const auto& path : included(include)) {
                const auto* const other = this->file(beside(file.path, path));
                if (other != nullptr && seen.size() < most_links && !seen.contains(other->path)) {
                    parts = tree_.merged("", parts_with_includes(*other, seen), parts);
                }
            }
        }
        return parts;
    }

    static std::vector<std::string> included(const Node& include) {
        const auto& path = include.is_map() ? include.at("path") : include;
        std::vector<std::string> paths;
        if (path.is_scalar()) {
            paths.emplace_back(path.text);
        }
        for (const auto& item : path.items) {
            paths.emplace_back(item.text);
        }
        return paths;
    }

    ComposeTree tree_;
    std::map<std::string, const AssessedFile*> files_;
    std::map<Key, Node> known_;
    std::vector<Key> under_way_;
};

void add_services(const Subject& whole, Facts& facts) {
    for (const auto& entry : whole.node->at("services").entries) {
        Subject service = whole;
        service.kind = "compose-service";
        service.name = entry.key;
        service.path = whole.path + " -> service/" + service.name;
        service.node = &entry.value;
        service.parent = &whole;
        facts.add(std::move(service));
    }
}

void gather(FileList files, Facts& facts) {
    if (files.empty()) {
        return;
    }
    AssessedFile made;
    made.kind = unrecognised;  // it is no file of its own, and is not counted as one
    made.rendering = "compose";
    auto& kept = facts.add(std::move(made));
    Composition composition(files, kept);
    std::vector<const AssessedFile*> read;
    for (const auto* const file : files) {
        if (!file->tree.roots().empty()) {
            kept.tree.add_root(composition.root(*file));
            read.push_back(file);
        }
    }
    for (std::size_t at = 0; at < read.size(); ++at) {
        Subject whole;
        whole.kind = "compose-file";
        whole.name = read[at]->path;
        whole.path = read[at]->path;
        whole.node = &kept.tree.roots()[at];
        whole.file = read[at];
        whole.scope = &facts.repository();
        add_services(facts.add(std::move(whole)), facts);
    }
}

/// No fewer services than the file has, as far as their keys tell.
std::vector<Lost> lost(const AssessedFile& file) {
    static const RE2 service("\\b(image|build|extends)\\s*[\"']?\\s*:");
    const auto source = file.tree.source();
    re2::StringPiece rest(source.data(), source.size());
    int services = 0;
    while (RE2::FindAndConsume(&rest, service)) {
        ++services;
    }
    return {{"compose-file", 1}, {"compose-service", std::max(services, 1)}};
}

}  // namespace

Input compose_input() {
    return {"compose", "yaml", takes, gather, lost};
}

}  // namespace deployctl::readiness
