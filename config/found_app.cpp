// SPDX-License-Identifier: Apache-2.0
#include "config/found_app.hpp"

#include "config/readiness.hpp"
#include "config/scalars.hpp"
#include "documents/yaml.hpp"
#include "model/image.hpp"
#include "model/value.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace deployctl::config {

namespace {

struct FoundObject {
    std::string file;
    Value object;
};

struct Kustomization {
    std::string folder;
    std::string kube_namespace;
};

struct Findings {
    std::vector<FoundObject> objects;
    std::vector<Kustomization> kustomizations;
};

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

bool is_kustomization(const std::string& path) {
    const auto name = last_part(path);
    return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization";
}

std::string usable_namespace(const std::string& text) {
    return check_label(text) ? "" : text;
}

Findings read_all(const InitialRequest& request, Diagnostics& diagnostics) {
    Findings findings;
    for (const auto& file : request.files) {
        if (!file.trouble.empty()) {
            Diagnostic unread;
            unread.severity = Severity::warning;
            unread.code = "C1053";
            unread.message = "cannot be read: " + file.trouble;
            unread.place.file = file.path;
            diagnostics.push_back(std::move(unread));
            continue;
        }
        if (is_kustomization(file.path)) {
            const documents::YamlSource source(file.text, file.path);
            const auto content = to_value(documents::read_yaml(source).root);
            const auto& name = content.text("/namespace");
            findings.kustomizations.push_back({folder_of(file.path), usable_namespace(name)});
            continue;
        }
        auto read = documents::read_objects(file.text, file.path);
        for (auto& object : read.objects) {
            findings.objects.push_back({file.path, std::move(object)});
        }
        for (auto& mistake : read.diagnostics) {
            // What is no object of Kubernetes is somebody else's file.
            if (mistake.code != "C1040") {
                mistake.severity = Severity::warning;
                diagnostics.push_back(std::move(mistake));
            }
        }
    }
    return findings;
}

/// With containers: what only patches another manifest has no images.
bool is_deployment(const Value& object) {
    const auto& containers = object.items("/spec/template/spec/containers");
    return object.text("/kind") == "Deployment" &&
           !check_object_name(object.text("/metadata/name")) &&
           std::ranges::any_of(containers, [](const Value& container) {
               return !container.text("/image").empty() && !check_label(container.text("/name"));
           });
}

std::string in_a_row(const std::vector<std::string>& names) {
    constexpr std::size_t most = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() > most ? text + ", …" : text;
}

void refuse(
    Diagnostics& diagnostics,
    const char* code,
    const std::string& message,
    const std::string& note,
    const std::string& help
) {
    Diagnostic mistake;
    mistake.code = code;
    mistake.message = message;
    mistake.place.file = "deploy.yaml";
    mistake.note = note;
    mistake.help = help;
    diagnostics.push_back(std::move(mistake));
}

void refuse_none(const Findings& findings, Diagnostics& diagnostics) {
    std::vector<std::string> others;
    for (const auto& found : findings.objects) {
        const auto kind = found.object.text("/kind");
        if ((kind == "StatefulSet" || kind == "DaemonSet" || kind == "Rollout") &&
            others.size() < 20) {
            others.push_back(kind + "/" + found.object.text("/metadata/name"));
        }
    }
    const auto note = others.empty() ? "" : "found instead: " + in_a_row(others);
    // What could not be read is told above, and may be where it is.
    const bool is_all_read = diagnostics.empty();
    refuse(
        diagnostics,
        "C1050",
        is_all_read ? "no Deployment in the manifests"
                    : "no Deployment in what could be read of the manifests",
        note,
        is_all_read ? "name their folder: deployctl config init --from DIR"
                    : "mend what is told above, or name another folder: deployctl config init "
                      "--from DIR"
    );
}

const FoundObject* choose(const InitialRequest& request, const Findings& findings, Initial& into) {
    std::map<std::string, const FoundObject*> deployments;
    for (const auto& found : findings.objects) {
        if (is_deployment(found.object)) {
            deployments.emplace(found.object.text("/metadata/name"), &found);
        }
    }
    for (const auto& [name, found] : deployments) {
        into.candidates.push_back(name);
    }
    const auto named = deployments.find(request.workload);
    if (deployments.empty()) {
        refuse_none(findings, into.diagnostics);
    } else if (named != deployments.end()) {
        return named->second;
    } else if (!request.workload.empty()) {
        refuse(
            into.diagnostics,
            "C1052",
            "no Deployment `" + request.workload + "` in the manifests",
            "found: " + in_a_row(into.candidates),
            ""
        );
    } else if (deployments.size() == 1) {
        return deployments.begin()->second;
    } else {
        refuse(
            into.diagnostics,
            "C1051",
            std::to_string(deployments.size()) + " Deployments: say which one",
            "found: " + in_a_row(into.candidates),
            "add `--workload deploy/" + into.candidates.front() + "`"
        );
    }
    return nullptr;
}

/// The one that was named, is named like the workload, or comes first.
const Value* choose_container(
    const InitialRequest& request, const Value& deployment, Initial& into
) {
    const Value* best = nullptr;
    std::vector<std::string> names;
    for (const auto& container : deployment.items("/spec/template/spec/containers")) {
        const auto name = container.text("/name");
        names.push_back(name);
        const bool is_meant = request.container.empty()
                                  ? best == nullptr || name == deployment.text("/metadata/name")
                                  : name == request.container;
        if (is_meant && !check_label(name)) {
            best = &container;
        }
    }
    if (best == nullptr) {
        refuse(
            into.diagnostics,
            "C1052",
            "no container `" + request.container + "` in the Deployment",
            "found: " + in_a_row(names),
            ""
        );
    }
    return best;
}

std::vector<std::string> services_of(const Findings& findings, const Value& deployment) {
    const auto labels = read_labels(deployment.at("/spec/template/metadata/labels"));
    std::set<std::string> names;
    for (const auto& found : findings.objects) {
        const auto name = found.object.text("/metadata/name");
        if (found.object.text("/kind") == "Service" && !check_label(name) &&
            found.object.text("/metadata/namespace") == deployment.text("/metadata/namespace") &&
            selects(read_labels(found.object.at("/spec/selector")), labels)) {
            names.insert(name);
        }
    }
    return {names.begin(), names.end()};
}

bool is_scaled(const Findings& findings, const std::string& workload) {
    return std::ranges::any_of(findings.objects, [&](const FoundObject& found) {
        return found.object.text("/kind") == "HorizontalPodAutoscaler" &&
               found.object.text("/spec/scaleTargetRef/name") == workload;
    });
}

std::string why_no_split(const Findings& findings, const Value& deployment) {
    const auto& pod = deployment.at("/spec/template/spec");
    if (deployment.text("/spec/strategy/type") == "Recreate") {
        return "its strategy is Recreate";
    }
    if (deployment.number("/spec/replicas", 1) < 2 &&
        !is_scaled(findings, deployment.text("/metadata/name"))) {
        return "it has one replica";
    }
    if (pod.flag("/hostNetwork")) {
        return "it uses the network of the host";
    }
    for (const auto& volume : pod.items("/volumes")) {
        if (volume.has("/persistentVolumeClaim")) {
            return "its pods share a volume claim";
        }
    }
    return "";
}

/// `overlays/dev` and `overlays/production` are environments; else the folder nearest to the root.
void use_kustomize(const Findings& findings, FoundApp& app) {
    constexpr std::string_view groups[] = {"overlays", "environments", "envs", "env"};
    std::map<std::string, std::string> overlays;
    std::string parent;
    const Kustomization* root = nullptr;
    for (const auto& one : findings.kustomizations) {
        const auto above = folder_of(one.folder);
        const bool is_overlay = std::ranges::find(groups, last_part(above)) != std::end(groups);
        if (is_overlay && !check_label(last_part(one.folder)) &&
            (parent.empty() || parent == above)) {
            parent = above;
            overlays.emplace(last_part(one.folder), one.kube_namespace);
        }
        if (root == nullptr || one.folder.size() < root->folder.size()) {
            root = &one;
        }
    }
    if (!overlays.empty()) {
        app.kustomize = parent + "/${env}";
        app.environments.clear();
        for (const auto& [name, kube_namespace] : overlays) {
            app.environments.push_back({name, kube_namespace});
        }
    } else if (root != nullptr) {
        app.kustomize = root->folder;
        auto& kube_namespace = app.environments.front().kube_namespace;
        kube_namespace = root->kube_namespace.empty() ? kube_namespace : root->kube_namespace;
    }
}

}  // namespace

std::optional<FoundApp> find_app(const InitialRequest& request, Initial& into) {
    const auto findings = read_all(request, into.diagnostics);
    const auto* found = choose(request, findings, into);
    const auto* container =
        found == nullptr ? nullptr : choose_container(request, found->object, into);
    if (container == nullptr) {
        return std::nullopt;
    }
    const auto& deployment = found->object;
    FoundApp app;
    app.file = found->file;
    app.workload = deployment.text("/metadata/name");
    app.container = container->text("/name");
    app.image = read_image(container->text("/image")).repository;
    if (check_image_name(app.image)) {
        app.image.clear();
    }
    app.health = gate_from_readiness(*container);
    app.services = services_of(findings, deployment);
    app.no_split = why_no_split(findings, deployment);
    app.environments = {{"production", usable_namespace(deployment.text("/metadata/namespace"))}};
    use_kustomize(findings, app);
    return app;
}

}  // namespace deployctl::config
