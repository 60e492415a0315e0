// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/compose.hpp"

#include "readiness/checks/secrets.hpp"
#include "readiness/inputs/images.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

Answer not_readable() {
    return not_known("what it extends is not known here");
}

bool is_root(std::string_view user) {
    static const RE2 root("^(root|0+)(:|$)");
    return is_found(root, user);
}

/// By its own, or that of the image that is built for it.
std::optional<Answer> has_a_healthcheck(const Subject& subject, const Facts& facts) {
    if (subject.node->is_unknown()) {
        return not_readable();
    }
    const auto& own = subject.node->at("healthcheck");
    if (own.exists()) {
        const auto& test = own.at("test");
        const auto first = test.is_list() ? test.text_at("0") : test.text;
        const bool is_off = own.flag_at("disable") || first == "NONE";
        return is_off ? fails_at(own, "healthcheck is off", "a test") : holds();
    }
    const auto* const dockerfile = dockerfile_of(subject, facts);
    if (dockerfile != nullptr && dockerfile->node->at("image/healthcheck").exists()) {
        return holds("HEALTHCHECK of " + dockerfile->path);
    }
    return fails("no healthcheck", "healthcheck");
}

std::optional<Answer> is_not_root(const Subject& subject, const Facts& facts) {
    if (subject.node->is_unknown()) {
        return not_readable();
    }
    const auto& user = subject.node->at("user");
    const auto* const dockerfile = dockerfile_of(subject, facts);
    const auto& inherited = dockerfile == nullptr ? user : dockerfile->node->at("image/user");
    const auto& decides = user.exists() ? user : inherited;
    if (decides.is_unknown()) {
        return not_known("user is not known here");
    }
    if (!decides.exists()) {
        return fails("no user", "a number that is not 0");
    }
    const auto observed = "user " + std::string(decides.text);
    if (!is_root(decides.text)) {
        return holds(observed);
    }
    // Where the Dockerfile says it, the place is the service that does not say otherwise.
    return user.exists() ? fails_at(user, observed) : fails(observed + " of " + dockerfile->path);
}

/// `${DB_PASSWORD}` is what there ought to be: its value comes from outside.
std::optional<Answer> environment_has_no_secrets(const Subject& subject, const Facts&) {
    for (const auto& entry : subject.node->at("environment").entries) {
        if (secrecy_of(entry.key, entry.value) == Secrecy::literal) {
            return fails_at(entry.value, std::string(entry.key), "a secret from outside");
        }
    }
    return holds();
}

const Node& file_of(const Subject& service) {
    const auto* const file = service.nearest("compose-file");
    return file == nullptr ? *service.node : *file->node;
}

/// What others wait for the end of runs once: a migration, a download.
std::optional<Answer> goes_on(const Subject& subject, const Facts&) {
    constexpr std::string_view once = "service_completed_successfully";
    const auto& services = file_of(subject).at("services").entries;
    const bool is_awaited = std::ranges::any_of(services, [&](const documents::NodeEntry& other) {
        const auto* const need = other.value.at("depends_on").find(subject.name);
        return need != nullptr && need->value.text_at("condition") == once;
    });
    return is_awaited ? fails("others wait for its end") : holds();
}

std::optional<Answer> store_is_internal(const Subject& subject, const Facts&) {
    const auto& used = subject.node->at("networks");
    if (used.is_unknown()) {
        return not_known("its networks are not known here");
    }
    if (used.entries.empty()) {
        return fails("the one network of all services", "an internal network");
    }
    for (const auto& entry : used.entries) {
        const auto* const network = file_of(subject).at("networks").find(entry.key);
        if (network == nullptr || !network->value.flag_at("internal")) {
            return fails_at(
                entry.value, std::string(entry.key) + ", which leads outside", "internal: true"
            );
        }
    }
    return holds();
}

std::optional<Answer> networks_are_declared(const Subject& subject, const Facts&) {
    constexpr std::string_view always_there = "default";
    for (const auto& entry : subject.node->at("networks").entries) {
        const bool is_there =
            entry.key == always_there || file_of(subject).at("networks").find(entry.key) != nullptr;
        if (!is_there) {
            return fails_at(entry.value, std::string(entry.key));
        }
    }
    return holds();
}

std::optional<Answer> volumes_are_declared(const Subject& subject, const Facts&) {
    for (const auto& mount : subject.node->at("volumes").items) {
        const auto name = mount.text_at("source");
        const bool is_missing = mount.text_at("type") == "volume" && !name.empty() &&
                                file_of(subject).at("volumes").find(name) == nullptr;
        if (is_missing) {
            return fails_at(mount, std::string(name));
        }
    }
    return holds();
}

/// Of the specification of 2025; sorted, for searching.
constexpr std::array<std::string_view, 92> known_keys = {
    "annotations",
    "attach",
    "blkio_config",
    "build",
    "cap_add",
    "cap_drop",
    "cgroup",
    "cgroup_parent",
    "command",
    "configs",
    "container_name",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpu_shares",
    "cpus",
    "cpuset",
    "credential_spec",
    "depends_on",
    "deploy",
    "develop",
    "device_cgroup_rules",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "entrypoint",
    "env_file",
    "environment",
    "expose",
    "extends",
    "external_links",
    "extra_hosts",
    "gpus",
    "group_add",
    "healthcheck",
    "hostname",
    "image",
    "init",
    "ipc",
    "isolation",
    "label_file",
    "labels",
    "links",
    "logging",
    "mac_address",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "models",
    "network_mode",
    "networks",
    "oom_kill_disable",
    "oom_score_adj",
    "pid",
    "pids_limit",
    "platform",
    "ports",
    "post_start",
    "pre_stop",
    "privileged",
    "profiles",
    "provider",
    "pull_policy",
    "pull_refresh_after",
    "read_only",
    "restart",
    "runtime",
    "scale",
    "secrets",
    "security_opt",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "storage_opt",
    "sysctls",
    "tmpfs",
    "tty",
    "ulimits",
    "use_api_socket",
    "user",
    "userns_mode",
    "uts",
    "volumes",
    "volumes_from",
    "working_dir",
};

static_assert(std::ranges::is_sorted(known_keys));

std::optional<Answer> keys_are_known(const Subject& subject, const Facts&) {
    if (subject.node->is_unknown()) {
        return not_readable();
    }
    for (const auto& entry : subject.node->entries) {
        if (!entry.key.starts_with("x-") && !std::ranges::binary_search(known_keys, entry.key)) {
            return fails_at(entry.value, std::string(entry.key), "a key of compose");
        }
    }
    return holds();
}

std::optional<Answer> image_is_from_allowed(const Subject& subject, const Facts& facts) {
    const auto& image = subject.node->at("image");
    const auto& allowed = facts.settings().registries;
    if (allowed.empty() || !image.exists()) {
        return std::nullopt;
    }
    if (image.is_unknown()) {
        return not_known("image " + std::string(image.text) + " is not known here");
    }
    return is_from(image.text, allowed)
               ? holds()
               : fails_at(image, full_image(image.text), "one of the allowed registries");
}

constexpr std::array<NamedCheck, 9> checks = {{
    {"compose-service-goes-on", goes_on},
    {"compose-image-is-from-allowed-registry", image_is_from_allowed},
    {"compose-service-has-a-healthcheck", has_a_healthcheck},
    {"compose-service-is-not-root", is_not_root},
    {"compose-environment-has-no-secrets", environment_has_no_secrets},
    {"compose-store-is-internal", store_is_internal},
    {"compose-networks-are-declared", networks_are_declared},
    {"compose-volumes-are-declared", volumes_are_declared},
    {"compose-keys-are-known", keys_are_known},
}};

}  // namespace

std::span<const NamedCheck> compose_checks() {
    return checks;
}

}  // namespace deployctl::readiness
