// SPDX-License-Identifier: Apache-2.0
#include "readiness/instances.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "readiness/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool is_scaled_by_number(std::string_view kind) {
    return kind != "DaemonSet" && kind != "Job" && kind != "CronJob" && kind != "Pod" &&
           kind != "PodTemplate";
}

bool is_for_one_node(const Node& claim) {
    const auto& modes = claim.at("spec/accessModes").items;
    return !modes.empty() && std::all_of(modes.begin(), modes.end(), [](const Node& mode) {
        return mode.text == "ReadWriteOnce" || mode.text == "ReadWriteOncePod";
    });
}

/// The least that an autoscaler leaves.
const Node& least_of(const Subject& scaler) {
    const bool is_keda = scaler.kind == "ScaledObject";
    return scaler.node->at(is_keda ? "spec/minReplicaCount" : "spec/minReplicas");
}

Instances filled_in(const Subject& workload, const Subject* scaler) {
    const bool from_zero = scaler != nullptr && scaler->kind == "ScaledObject";
    Instances instances;
    instances.count = from_zero ? 0 : 1;
    instances.where = scaler == nullptr ? workload.node : scaler->node;
    instances.words = scaler == nullptr ? "replicas is not set: 1"
                      : from_zero       ? "minReplicaCount is not set: 0"
                                        : "minReplicas is not set: 1";
    instances.confidence = Confidence::derived;
    return instances;
}

}  // namespace

std::optional<double> number_at(const Node& node, std::string_view path) {
    const auto text = node.text_at(path);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    return whole ? std::optional(number) : std::nullopt;
}

std::optional<Instances> instances_of(const Subject& workload, const Facts& facts) {
    const auto& object = *workload.node;
    if (!is_scaled_by_number(object.text_at("kind"))) {
        return std::nullopt;
    }
    const auto scalers = facts.related(workload, relation::autoscalers);
    const auto* const scaler = scalers.empty() ? nullptr : scalers.front();
    const auto& given = scaler == nullptr ? object.at("spec/replicas") : least_of(*scaler);
    if (!given.exists()) {
        return filled_in(workload, scaler);
    }
    const auto number = number_at(given, {});
    if (!number || (*number == 0 && scaler == nullptr)) {
        return std::nullopt;
    }
    Instances instances;
    instances.count = *number;
    instances.where = &given;
    instances.words =
        (scaler == nullptr ? "replicas: " : "minReplicas: ") + std::string(given.text);
    return instances;
}

std::optional<double> part_of(const Node& amount, double whole) {
    const auto text = amount.text;
    if (!text.ends_with('%')) {
        return number_at(amount, {});
    }
    double share = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, share);
    const bool fits = error == std::errc() && end == text.data() + text.size() - 1;
    return fits ? std::optional(std::ceil(share * whole / 100)) : std::nullopt;
}

std::vector<const Subject*> claims_of_one_node(const Subject& workload, const Facts& facts) {
    std::vector<const Subject*> found;
    const auto where = namespace_of(*workload.node);
    for (const auto& volume : pod_template(*workload.node).at("spec/volumes").items) {
        const auto name = volume.text_at("persistentVolumeClaim/claimName");
        if (name.empty()) {
            continue;
        }
        const auto* const claim =
            named("PersistentVolumeClaim", {where, name}, *workload.scope, facts);
        if (claim != nullptr && is_for_one_node(*claim->node)) {
            found.push_back(claim);
        }
    }
    return found;
}

}  // namespace deployctl::readiness
