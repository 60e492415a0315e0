// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/kubernetes.hpp"

#include "readiness/charts.hpp"
#include "readiness/inputs/environment_names.hpp"
#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/kustomize.hpp"
#include "readiness/template_outline.hpp"

#include <algorithm>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// An object beside the file and the scope it was found in.
struct Found {
    const Node* object = nullptr;
    const AssessedFile* file = nullptr;
    const Scope* scope = nullptr;
    ObjectName name;
    std::string path;
};

bool has_line(std::string_view text, std::string_view begin) {
    return text.starts_with(begin) || text.find("\n" + std::string(begin)) != text.npos;
}

bool takes(const AssessedFile& file) {
    if (!file.rendering.empty()) {
        return true;
    }
    if (is_template(file.path, file.tree.source())) {
        return false;
    }
    const auto& roots = file.tree.roots();
    if (std::any_of(roots.begin(), roots.end(), [](const Node& root) { return is_object(root); })) {
        return true;
    }
    const auto text = file.tree.source();
    const bool is_yaml = has_line(text, "kind:") && has_line(text, "apiVersion:");
    const bool is_json =
        text.find("\"kind\"") != text.npos && text.find("\"apiVersion\"") != text.npos;
    return !file.trouble.what.empty() && (is_yaml || is_json) &&
           text.find("kustomize.config.k8s.io") == text.npos;
}

/// Raw files that are seen as something else: parts of what was rendered, templates of charts that
/// were.
class Covered {
public:
    Covered(FileList files, const Facts& facts) : charts_(read_charts(facts.files())) {
        const auto all = read_kustomizations(facts.files());
        for (const auto* file : files) {
            if (!file->rendering.empty()) {
                cover(reach_of(all, joined_path("", file->rendering).value_or("")));
                if (auto chart = chart_of_rendering(charts_, file->rendering)) {
                    rendered_.insert(std::move(*chart));
                }
            }
        }
    }

    bool has(const AssessedFile& file) const {
        return file.rendering.empty() && (used_.contains(file.path) || is_rendered(file.path));
    }

private:
    bool is_rendered(std::string_view path) const {
        const auto folder = chart_of_template(charts_, path);
        const auto chart = folder ? charts_.at(*folder).rendered_with : std::nullopt;
        return chart && rendered_.contains(*chart);
    }

    void cover(const Reach& reach) {
        for (const auto& layer : reach.layers) {
            used_.insert(layer.kustomization->uses.begin(), layer.kustomization->uses.end());
            for (const auto& patch : layer.kustomization->patches) {
                used_.insert(patch.path);
            }
        }
    }

    std::set<std::string, std::less<>> used_;
    Charts charts_;
    std::set<std::string> rendered_;  ///< folders of charts
};

std::string path_of(const Node& object, const Scope& scope) {
    std::string path = scope.name.empty() ? std::string() : scope.name + " -> ";
    path += subject_kind(object) + "/";
    const auto where = object.text_at("metadata/namespace");
    path += where.empty() ? std::string() : std::string(where) + "/";
    return path + std::string(name_of(object));
}

/// Two of one name are two subjects: each is named with its file then, whatever the order.
void tell_apart(std::vector<Found>& all) {
    std::map<std::string, int, std::less<>> times;
    for (const auto& one : all) {
        ++times[one.path];
    }
    std::map<std::string, int, std::less<>> in_file;
    for (auto& one : all) {
        if (times[one.path] > 1) {
            one.path += " in " + one.file->path;
            const int number = ++in_file[one.path];
            one.path += number > 1 ? " (" + std::to_string(number) + ")" : std::string();
        }
    }
}

Subject part(const Subject& of, std::string kind, const Node& node) {
    Subject made = of;
    made.kind = std::move(kind);
    made.node = &node;
    made.parent = &of;
    return made;
}

void add_containers(const Subject& pod, const Subject& workload, Facts& facts) {
    for (const auto& list : container_lists) {
        const auto& items = pod.node->at(list.key).items;
        for (std::size_t number = 0; number < items.size(); ++number) {
            auto made = part(pod, "container", items[number]);
            made.name = items[number].text_at("name", std::to_string(number));
            made.path = workload.path + "/" + std::string(list.word) + "/" + made.name;
            facts.add(std::move(made));
        }
    }
}

/// Claims of their own, and those that a StatefulSet makes for each of its pods.
void add_claims(const Subject& object, Facts& facts) {
    if (object.kind == "PersistentVolumeClaim") {
        facts.add(part(object, "claim", *object.node));
    }
    for (const auto& claim : object.node->at("spec/volumeClaimTemplates").items) {
        auto made = part(object, "claim", claim);
        made.name = claim.text_at("metadata/name");
        made.path += "/claim/" + made.name;
        facts.add(std::move(made));
    }
}

void add(const Found& found, Facts& facts) {
    Subject object;
    object.kind = subject_kind(*found.object);
    object.name = std::string(name_of(*found.object));
    object.path = found.path;
    object.node = found.object;
    object.file = found.file;
    object.scope = found.scope;
    const auto& own = facts.add(std::move(object));
    add_claims(own, facts);
    const auto& pods = pod_template(*found.object);
    if (!pods.exists()) {
        return;
    }
    const auto& workload = facts.add(part(own, "workload", *found.object));
    auto pod = part(workload, "pod", pods.at("spec"));
    pod.path += "/pod";
    add_containers(facts.add(std::move(pod)), workload, facts);
}

/// One for each rendering, of which there may be several files: those of a cluster.
class Scopes {
public:
    explicit Scopes(Facts& facts) : facts_(facts), all_{{"", &facts.repository()}} {}

    const Scope& of(const AssessedFile& file) {
        auto& scope = all_[file.rendering];
        if (scope == nullptr) {
            scope = &facts_.add(Scope{file.rendering, environment_of_rendering(file.rendering)});
        }
        return *scope;
    }

    void relate() const {
        for (const auto& [name, scope] : all_) {
            relate_objects(*scope, facts_);
        }
    }

private:
    Facts& facts_;
    std::map<std::string, const Scope*, std::less<>> all_;
};

void gather(FileList files, Facts& facts) {
    const Covered covered(files, facts);
    Scopes scopes(facts);
    std::vector<Found> all;
    for (const auto* file : files) {
        if (covered.has(*file)) {
            continue;
        }
        const auto& scope = scopes.of(*file);
        for (const auto& root : file->tree.roots()) {
            for (const auto* object : objects_of(root)) {
                const ObjectName name{namespace_of(*object), name_of(*object)};
                all.push_back({object, file, &scope, name, path_of(*object, scope)});
            }
        }
    }
    tell_apart(all);
    std::ranges::stable_sort(all, {}, &Found::name);
    for (const auto& found : all) {
        add(found, facts);
    }
    scopes.relate();
}

/// What may be lost by kind; of a List, lines that begin an item.
class Losses {
public:
    void line(std::string_view text, std::string_view before) {
        const auto begin = text.find_first_not_of(" -");
        if (begin == text.npos) {
            return;
        }
        const auto words = text.substr(begin);
        if (words.starts_with("image:") || words.starts_with("\"image\":")) {
            ++counts_["container"];
        }
        constexpr std::size_t of_item = 8;  // the indent of an object in a list, in JSON
        if (words.starts_with("\"kind\":") && begin <= of_item) {
            object(words.substr(words.find(':') + 1));
        }
        const bool begins_item = text.starts_with("- ") || before.starts_with("- apiVersion:");
        if (words.starts_with("kind:") && (begin == 0 || begins_item)) {
            object(words.substr(words.find(':') + 1));
        }
    }

    std::vector<Lost> all() const { return lost_of(counts_); }

private:
    void object(std::string_view word) {
        const auto begin = word.find_first_not_of(" \t\"'");
        const auto end = word.find_first_of(" \t\r\"'#,}", begin);
        const auto kind = begin == word.npos ? std::string_view() : word.substr(begin, end - begin);
        if (kind.empty() || kind.size() > longest_kind || kind.ends_with("List")) {
            return;
        }
        ++counts_[std::string(kind)];
        if (is_maker(kind)) {
            ++counts_["workload"];
            ++counts_["pod"];
        }
    }

    static constexpr std::size_t longest_kind = 63;
    std::map<std::string, int, std::less<>> counts_;
};

std::vector<Lost> lost(const AssessedFile& file) {
    Losses losses;
    std::string_view text = file.tree.source();
    std::string_view before;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        losses.line(line, before);
        before = line;
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return losses.all();
}

}  // namespace

Input kubernetes_input() {
    return {"kubernetes", "yaml", takes, gather, lost};
}

}  // namespace deployctl::readiness
