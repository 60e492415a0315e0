// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/pod_security.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr std::string_view apparmor_prefix = "container.apparmor.security.beta.kubernetes.io/";
constexpr std::array<std::string_view, 4> selinux_types = {
    "container_t", "container_init_t", "container_kvm_t", "container_engine_t"
};
constexpr std::array<std::string_view, 8> restricted_volumes = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
};

/// The security contexts of a pod and of all of its containers.
std::vector<const Node*> contexts_of(const Node& pod) {
    std::vector<const Node*> found = {&pod.at("securityContext")};
    for (const auto& list : container_lists) {
        for (const auto& container : pod.at(list.key).items) {
            found.push_back(&container.at("securityContext"));
        }
    }
    return found;
}

std::optional<Answer> apparmor(const Subject& pod, const Facts& /*facts*/) {
    for (const auto* context : contexts_of(*pod.node)) {
        const auto& profile = context->at("appArmorProfile");
        const auto type = profile.text_at("type");
        if (profile.exists() && type != "RuntimeDefault" && type != "Localhost") {
            return fails_at(profile, "type: " + std::string(type), "RuntimeDefault or Localhost");
        }
    }
    for (const auto& note : pod_metadata(pod).at("annotations").entries) {
        const auto value = note.value.text;
        if (note.key.starts_with(apparmor_prefix) && !value.empty() && value != "runtime/default" &&
            !value.starts_with("localhost/")) {
            return fails_at(
                note.value,
                std::string(note.key) + ": " + std::string(value),
                "runtime/default or localhost/..."
            );
        }
    }
    return holds();
}

std::optional<Answer> selinux(const Subject& pod, const Facts& /*facts*/) {
    for (const auto* context : contexts_of(*pod.node)) {
        const auto& options = context->at("seLinuxOptions");
        const auto type = options.text_at("type");
        if (!type.empty() &&
            std::find(selinux_types.begin(), selinux_types.end(), type) == selinux_types.end()) {
            return fails_at(options.at("type"), "type: " + std::string(type), "a container's type");
        }
        for (const std::string_view key : {"user", "role"}) {
            if (!options.text_at(key).empty()) {
                return fails_at(options.at(key), std::string(key) + " is set", "not set");
            }
        }
    }
    return holds();
}

/// What has no source at all becomes an emptyDir.
std::optional<Answer> volume_types(const Subject& pod, const Facts& /*facts*/) {
    for (const auto& volume : pod.node->at("volumes").items) {
        const bool is_allowed = std::any_of(
            restricted_volumes.begin(),
            restricted_volumes.end(),
            [&](std::string_view type) { return volume.at(type).exists(); }
        );
        for (const auto& entry : volume.entries) {
            if (!is_allowed && entry.key != "name" && entry.value.exists()) {
                return fails_at(entry.value, std::string(entry.key), "no volume of the node");
            }
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 3> checks = {{
    {"apparmor-is-not-weakened", apparmor},
    {"selinux-is-not-weakened", selinux},
    {"volumes-are-restricted", volume_types},
}};

}  // namespace

std::span<const NamedCheck> pod_security_checks() {
    return checks;
}

}  // namespace deployctl::readiness
