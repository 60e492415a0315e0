// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/pod_security.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"

#include <algorithm>
#include <array>
#include <string>

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

/// As the kernel takes it, without a slash at its end: "/var//lib/../run/" is "/var/run", and "/"
/// is nothing.
std::string cleaned(std::string_view path) {
    std::string clean;
    while (!path.empty()) {
        const auto part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(part.size() + 1, path.size()));
        if (part == "..") {
            clean.erase(std::min(clean.rfind('/'), clean.size()));
        } else if (!part.empty() && part != ".") {
            clean += "/" + std::string(part);
        }
    }
    return clean;
}

bool is_within(std::string_view inner, std::string_view outer) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

/// Whoever has a folder has all that is in it; of some of them each part is enough.
bool is_sensitive(const std::string& path) {
    constexpr std::array<std::string_view, 13> each_part = {
        "/etc",
        "/root",
        "/boot",
        "/home",
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/opt/cni",
        "/var/lib/kubelet",
        "/var/lib/etcd",
    };
    constexpr std::array<std::string_view, 5> as_a_whole = {
        "/dev", "/proc", "/sys", "/var/lib/containerd", "/var/lib/docker"
    };
    const auto is_held = [&](std::string_view one) { return is_within(one, path); };
    return std::any_of(each_part.begin(), each_part.end(), is_held) ||
           std::any_of(as_a_whole.begin(), as_a_whole.end(), is_held) ||
           std::any_of(each_part.begin(), each_part.end(), [&](std::string_view one) {
               return is_within(path, one);
           });
}

/// A socket by its name, or a folder that holds one.
bool reaches_runtime(const std::string& path) {
    constexpr std::array<std::string_view, 6> sockets = {
        "/docker.sock",
        "/containerd.sock",
        "/crio.sock",
        "/cri-dockerd.sock",
        "/podman.sock",
        "/dockershim.sock",
    };
    constexpr std::array<std::string_view, 10> folders = {
        "/run/containerd",
        "/run/crio",
        "/run/docker",
        "/run/podman",
        "/run/k3s/containerd",
        "/var/run/containerd",
        "/var/run/crio",
        "/var/run/docker",
        "/var/run/podman",
        "/var/run/k3s/containerd",
    };
    return std::any_of(
               sockets.begin(),
               sockets.end(),
               [&](std::string_view socket) { return path.ends_with(socket); }
           ) ||
           std::any_of(folders.begin(), folders.end(), [&](std::string_view folder) {
               return is_within(folder, path);
           });
}

template <bool (*refused)(const std::string& path)>
std::optional<Answer> ask_folders(const Subject& pod, const Facts& /*facts*/) {
    std::optional<Answer> unknown;
    for (const auto& volume : pod.node->at("volumes").items) {
        const auto& path = volume.at("hostPath/path");
        if (path.is_unknown() || path.text.find("${") != path.text.npos) {
            unknown = not_known("the folder " + std::string(path.text) + " is filled in later");
        } else if (path.exists() && refused(cleaned(path.text))) {
            return fails_at(path, "path: " + std::string(path.text), "a folder of its own");
        }
    }
    return unknown ? unknown : holds();
}

constexpr std::array<NamedCheck, 5> checks = {{
    {"no-sensitive-folder-is-mounted", ask_folders<is_sensitive>},
    {"no-socket-of-runtime-is-mounted", ask_folders<reaches_runtime>},
    {"apparmor-is-not-weakened", apparmor},
    {"selinux-is-not-weakened", selinux},
    {"volumes-are-restricted", volume_types},
}};

}  // namespace

std::span<const NamedCheck> pod_security_checks() {
    return checks;
}

}  // namespace deployctl::readiness
