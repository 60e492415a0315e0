// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/environments.hpp"

#include "readiness/inputs/environment_names.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/recognition.hpp"

#include <array>
#include <map>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;
using documents::Spot;
using documents::Tree;

struct Environment {
    std::vector<Node> files;
    std::vector<Node> namespaces;
    std::vector<Node> workloads;
    std::map<std::string, std::vector<Node>> objects;
    std::uint32_t source = 0;  ///< of the file that spoke of it first
};

/// A scalar of another file's tree, with its place there.
Node there(const AssessedFile& file, Node node) {
    node.source = node.source == 0 ? file.number : node.source;
    return node;
}

class Gathering {
public:
    explicit Gathering(Facts& facts, Tree& tree) : facts_(facts), tree_(tree) {}

    void take_paths() {
        for (const auto& file : facts_.files()) {
            const auto name = file.rendering.empty() ? environment_of_path(file.path) : "";
            if (!name.empty()) {
                auto node = tree_.scalar({1, 1}, tree_.keep(file.path), NodeKind::quoted);
                at(name, file).files.push_back(there(file, node));
            }
        }
    }

    void take_objects() {
        for (const auto& subject : facts_.subjects()) {
            const bool is_object = subject.node->at("metadata/name").is_scalar();
            const auto name = is_object ? environment_of(subject) : std::string();
            if (!name.empty()) {
                take_object(at(name, *subject.file), subject);
            }
        }
    }

    void take_settings() {
        for (const auto* settings : facts_.of("deploy-config")) {
            for (const auto& [name, spot, value] : settings->node->at("environments").entries) {
                auto& environment = at(environment_name(name), *settings->file);
                const auto& own = value.at("namespace");
                if (own.is_scalar()) {
                    environment.namespaces.push_back(there(*settings->file, own));
                }
            }
        }
    }

    void take_jobs() {
        for (const auto* const kind : {"workflow-job", "gitlab-job"}) {
            for (const auto* job : facts_.of(kind)) {
                const auto name =
                    job->node->text_at("environment", job->node->text_at("environment/name"));
                if (environment_role(name) != EnvironmentRole::other) {
                    at(environment_name(name), *job->file);
                }
            }
        }
    }

    void add_subjects(const AssessedFile& made) {
        std::vector<Node> nodes;
        for (const auto& [name, environment] : found_) {
            nodes.push_back(node_of(name, environment));
        }
        const auto kept = tree_.list({}, nodes);
        std::size_t number = 0;
        for (const auto& [name, environment] : found_) {
            Subject subject;
            subject.kind = "environment";
            subject.name = name;
            subject.path = "environment/" + name;
            subject.node = &kept.items[number++];
            subject.file = &made;
            subject.scope = &facts_.repository();
            facts_.add(std::move(subject));
        }
    }

private:
    Environment& at(const std::string& name, const AssessedFile& file) {
        auto& environment = found_[name];
        environment.source = environment.source == 0 ? file.number : environment.source;
        return environment;
    }

    void take_object(Environment& environment, const Subject& subject) {
        if (subject.kind == "workload") {
            environment.workloads.push_back(workload(subject));
            return;
        }
        const auto& file = *subject.file;
        environment.objects[subject.kind].push_back(there(file, subject.node->at("metadata/name")));
        const bool is_namespace = subject.kind == "Namespace";
        const auto& own = subject.node->at(is_namespace ? "metadata/name" : "metadata/namespace");
        if (own.is_scalar()) {
            environment.namespaces.push_back(there(file, own));
        }
    }

    Node workload(const Subject& subject) {
        const auto& file = *subject.file;
        const auto& node = *subject.node;
        const auto spot = node.spot;
        std::vector<Node> containers;
        const auto& template_spec = node.at("spec/template/spec").exists()
                                        ? node.at("spec/template/spec")
                                        : node.at("spec/jobTemplate/spec/template/spec");
        for (const auto& container : template_spec.at("containers").items) {
            std::vector<NodeEntry> entries;
            for (const auto* const key : {"name", "image"}) {
                entries.push_back({key, container.spot, there(file, container.at(key))});
            }
            if (container.at("resources/limits").exists()) {
                auto limits = tree_.scalar(container.spot, "true");
                entries.push_back({"limits", container.spot, there(file, limits)});
            }
            containers.push_back(there(file, tree_.map(container.spot, entries)));
        }
        const auto id =
            std::string(node.text_at("kind")) + "/" + std::string(node.text_at("metadata/name"));
        return there(
            file,
            tree_.map(
                spot,
                {{"id", spot, there(file, tree_.scalar(spot, tree_.keep(id)))},
                 {"replicas", spot, there(file, node.at("spec/replicas"))},
                 {"containers", spot, there(file, tree_.list(spot, containers))}}
            )
        );
    }

    Node node_of(const std::string& name, const Environment& environment) {
        const Spot top = {1, 1};
        std::vector<NodeEntry> objects;
        for (const auto& [kind, names] : environment.objects) {
            objects.push_back({tree_.keep(kind), top, tree_.list(top, names)});
        }
        auto node = tree_.map(
            top,
            {{"name", top, tree_.scalar(top, tree_.keep(name))},
             {"role", top, tree_.scalar(top, name_of(environment_role(name)))},
             {"files", top, tree_.list(top, environment.files)},
             {"namespaces", top, tree_.list(top, environment.namespaces)},
             {"objects", top, tree_.map(top, objects)},
             {"workloads", top, tree_.list(top, environment.workloads)}}
        );
        node.source = environment.source;
        return node;
    }

    Facts& facts_;
    Tree& tree_;
    std::map<std::string, Environment> found_;
};

void gather_environments(FileList /*files*/, Facts& facts) {
    AssessedFile blank;
    blank.path = ".";
    blank.kind = unrecognised;  // it counts for nothing that was read
    blank.rendering = "environments";
    auto& made = facts.add(std::move(blank));
    Gathering gathering(facts, made.tree);
    gathering.take_paths();
    gathering.take_objects();
    gathering.take_settings();
    gathering.take_jobs();
    gathering.add_subjects(made);
}

bool takes_settings(const AssessedFile& file) {
    const auto name = base_name(file.path);
    const bool is_named = name == "deploy.yaml" || name == "deploy.yml";
    return is_named && !file.tree.roots().empty() &&
           file.tree.roots().front().text_at("apiVersion").starts_with("deployctl/");
}

void gather_settings(FileList files, Facts& facts) {
    for (const auto* file : files) {
        Subject subject;
        subject.kind = "deploy-config";
        subject.name = base_name(file->path);
        subject.path = file->path;
        subject.node = &file->tree.roots().front();
        subject.file = file;
        subject.scope = &facts.repository();
        facts.add(std::move(subject));
    }
}

const std::array<Input, 2> inputs = {{
    {"deploy-config", "yaml", takes_settings, gather_settings, nullptr},
    {"environments",
     "",
     [](const AssessedFile& /*file*/) { return false; },
     gather_environments,
     nullptr},
}};

}  // namespace

std::string environment_of(const Subject& subject) {
    const auto& scope = *subject.scope;
    return scope.environment.empty() ? environment_of_path(subject.file->path)
                                     : environment_name(scope.environment);
}

std::span<const Input> environment_inputs() {
    return inputs;
}

}  // namespace deployctl::readiness
