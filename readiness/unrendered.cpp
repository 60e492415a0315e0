// SPDX-License-Identifier: Apache-2.0
#include "readiness/unrendered.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/recognition.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// One file may be used by thousands of roots; what is lost is a number of "at least".
constexpr std::size_t most_bytes = 256U << 10U;

std::string as_text(const Node& object) {
    std::string text = "kind: " + std::string(object.text_at("kind")) + "\n";
    const auto& pods = pod_template(object).at("spec");
    for (const auto& list : container_lists) {
        for (auto left = pods.at(list.key).items.size(); left > 0; --left) {
            text += "image:\n";
        }
    }
    return text;
}

/// A file of templates is named after what it makes, as a rule; by any other name it may make pods.
std::string named_after(std::string_view template_path) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kinds = {{
        {"statefulset", "StatefulSet\nimage:"},
        {"daemonset", "DaemonSet\nimage:"},
        {"cronjob", "CronJob\nimage:"},
        {"hpa", "HorizontalPodAutoscaler"},
        {"pdb", "PodDisruptionBudget"},
        {"pvc", "PersistentVolumeClaim"},
        {"networkpolicy", "NetworkPolicy"},
        {"ingress", "Ingress"},
        {"configmap", "ConfigMap"},
        {"secret", "Secret"},
        {"serviceaccount", "ServiceAccount"},
        {"servicemonitor", "ServiceMonitor"},
        {"service", "Service"},
        {"clusterrole", "ClusterRole"},
        {"role", "Role"},
        {"rbac", "Role"},
        {"", "Deployment\nimage:"},
    }};
    const auto name = base_name(template_path);
    const bool makes_something = name.ends_with(".yaml") || name.ends_with(".yml");
    if (!makes_something || name.starts_with('_')) {
        return {};
    }
    const auto* const found =
        std::ranges::find_if(kinds, [&](const auto& one) { return name.starts_with(one.first); });
    return "kind: " + std::string(found->second) + "\n";
}

}  // namespace

std::string lost_with(const Reach& reach, const Facts& facts) {
    std::string text;
    for (const auto& layer : reach.layers) {
        for (const auto& used : layer.kustomization->uses) {
            const auto* const file = facts.file(used);
            for (const auto& root : file == nullptr ? std::vector<Node>() : file->tree.roots()) {
                for (const auto* object : objects_of(root)) {
                    text += as_text(*object);
                }
                if (text.size() > most_bytes) {
                    return text;
                }
            }
        }
    }
    return text;
}

std::string lost_with(const Charts& charts, std::string_view folder) {
    std::string text;
    for (auto at = charts.find(folder); at != charts.end(); ++at) {
        const auto& [own, chart] = *at;
        if (!own.starts_with(folder) || text.size() > most_bytes) {
            break;
        }
        if (chart.rendered_with == folder) {
            for (const auto* file : chart.templates) {
                // What is no text of a template is judged as it lies there.
                text += file->kind == unrecognised ? named_after(file->path) : std::string();
            }
        }
    }
    return text;
}

}  // namespace deployctl::readiness
