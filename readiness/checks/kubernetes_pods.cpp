// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/kubernetes_pods.hpp"

#include "model/image.hpp"
#include "readiness/checks/command_secrets.hpp"
#include "readiness/checks/left_out.hpp"
#include "readiness/checks/secrets.hpp"
#include "readiness/inputs/images.hpp"
#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "readiness/patterns.hpp"
#include "readiness/scalar.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr std::array<std::string_view, 3> probes = {
    "readinessProbe", "livenessProbe", "startupProbe"
};
constexpr std::array<std::string_view, 3> probe_ports = {
    "httpGet/port", "tcpSocket/port", "grpc/port"
};

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

bool runs_to_an_end(const Subject& container) {
    const auto kind = object_of(container).text_at("kind");
    return kind == "Job" || kind == "CronJob";
}

bool is_main(const Subject& container) {
    const auto& mains = container.nearest("pod")->node->at("containers").items;
    return std::any_of(mains.begin(), mains.end(), [&](const Node& one) {
        return &one == container.node;
    });
}

/// Not of init containers, nor of what runs to its end.
std::optional<Answer> is_long_running(const Subject& container, const Facts& /*facts*/) {
    return is_main(container) && !runs_to_an_end(container) ? holds() : std::optional<Answer>();
}

/// A Service selects the pod, and this container has its ports, or none of them says any.
std::optional<Answer> is_served(const Subject& container, const Facts& facts) {
    const auto* const pod = container.nearest("pod");
    if (!is_main(container) || runs_to_an_end(container)) {
        return std::nullopt;
    }
    if (facts.related(*pod, relation::services).empty()) {
        return ask_left_out("Service", *pod, facts);
    }
    const auto& mains = pod->node->at("containers").items;
    const bool anyone = std::any_of(mains.begin(), mains.end(), [](const Node& one) {
        return !one.at("ports").items.empty();
    });
    const bool own = !container.node->at("ports").items.empty();
    return own || !anyone ? holds() : std::optional<Answer>();
}

bool declares(const Node& container, const Node& port) {
    const auto& ports = container.at("ports").items;
    return std::any_of(ports.begin(), ports.end(), [&](const Node& one) {
        return one.text_at("containerPort") == port.text || one.text_at("name") == port.text;
    });
}

/// A number may be probed without being declared where no port is.
std::optional<Answer> probe_ports_are_declared(const Subject& container, const Facts& /*facts*/) {
    const auto& node = *container.node;
    bool any = false;
    for (const auto probe : probes) {
        for (const auto way : probe_ports) {
            const auto& port = node.at(probe).at(way);
            const bool is_number =
                !port.text.empty() && port.text.front() >= '0' && port.text.front() <= '9';
            if (!port.exists() || (is_number && node.at("ports").items.empty())) {
                continue;
            }
            any = true;
            if (!declares(node, port)) {
                return fails_at(
                    port,
                    std::string(probe) + " asks port " + std::string(port.text),
                    "a port of the container"
                );
            }
        }
    }
    return any ? holds() : std::optional<Answer>();
}

bool is_same(const Node& one, const Node& other) {
    const auto same_entry = [&](const documents::NodeEntry& entry) {
        const auto* const twin = other.find(entry.key);
        return twin != nullptr && is_same(entry.value, twin->value);
    };
    return one.text == other.text && one.items.size() == other.items.size() &&
           one.entries.size() == other.entries.size() &&
           std::equal(one.items.begin(), one.items.end(), other.items.begin(), is_same) &&
           std::all_of(one.entries.begin(), one.entries.end(), same_entry);
}

std::optional<Answer> probes_differ(const Subject& container, const Facts& /*facts*/) {
    const auto& readiness = container.node->at("readinessProbe");
    const auto& liveness = container.node->at("livenessProbe");
    if (!readiness.exists() || !liveness.exists()) {
        return std::nullopt;
    }
    return is_same(readiness, liveness)
               ? fails_at(liveness, "both probes ask the same in the same way", "two questions")
               : holds();
}

/// Of `command` and `args`: they are read by whoever may list processes, or get the pod.
std::optional<Answer> no_secrets_in_words(const Node& container) {
    std::optional<Answer> answer;
    for (const auto* const key : {"command", "args"}) {
        const auto& words = container.at(key);
        const auto given = secret_among(words.items);
        if (!given.empty()) {
            return fails_at(
                words,
                std::string(key) + ": a literal value, not shown, of " + given,
                "a variable from a Secret"
            );
        }
        answer = words.items.empty() ? answer : holds();
    }
    return answer;
}

std::optional<Answer> no_secrets_in_environment(const Subject& container, const Facts& /*facts*/) {
    const auto& variables = container.node->at("env").items;
    for (const auto& variable : variables) {
        const auto name = variable.text_at("name");
        if (secrecy_of(name, variable.at("value")) == Secrecy::literal) {
            return fails_at(
                variable.at("value"),
                std::string(name) + " has a literal value (not shown)",
                "valueFrom a Secret"
            );
        }
    }
    const auto of_words = no_secrets_in_words(*container.node);
    return of_words || variables.empty() ? of_words : holds();
}

/// A line like `db.password = hunter`, of any format that has a name and a value.
bool has_secret_line(std::string_view text) {
    static const RE2 line(
        "(?im)^[ \\t\"']*([\\w.-]*(?:passw(?:or)?d|secret|token|api_?key|private_?key|access_?key))"
        "[\"']?[ \\t]*[:=][ \\t]*[\"']?([^\\s\"']*)"
    );
    static const RE2 block("^[\\[{|><&*]");
    auto left = piece(text);
    std::string name;
    std::string value;
    while (RE2::FindAndConsume(&left, line, &name, &value)) {
        if (is_written_secret(name, value) && !RE2::PartialMatch(value, block)) {
            return true;
        }
    }
    return false;
}

/// Also inside of the files that a ConfigMap holds, line by line.
std::optional<Answer> no_secrets_in_config(const Subject& config, const Facts& /*facts*/) {
    for (const auto& entry : config.node->at("data").entries) {
        const bool is_file = entry.value.text.find('\n') != entry.value.text.npos;
        const bool is_secret =
            is_file ? shows_a_secret(entry.value.text) || has_secret_line(entry.value.text)
                    : secrecy_of(entry.key, entry.value) == Secrecy::literal;
        if (is_secret) {
            return fails_at(
                entry.value, std::string(entry.key) + " looks like a secret (not shown)", "a Secret"
            );
        }
    }
    return holds();
}

std::optional<Answer> variables_are_unique(const Subject& container, const Facts& /*facts*/) {
    std::set<std::string_view> seen;
    for (const auto& variable : container.node->at("env").items) {
        const auto& name = variable.at("name");
        if (!seen.insert(name.text).second) {
            return fails_at(name, std::string(name.text) + " is set twice", "once");
        }
    }
    return seen.empty() ? std::optional<Answer>() : holds();
}

/// The text of an image, or why it cannot be judged.
std::optional<Answer> image_trouble(const Node& image) {
    if (!image.exists()) {
        return fails("there is no image", "an image");
    }
    if (image.is_unknown() || image.text.find_first_of("${<") != image.text.npos) {
        auto answer = not_known("the image " + std::string(image.text) + " is filled in later");
        answer.where = &image;
        return answer;
    }
    return std::nullopt;
}

std::optional<Answer> image_has_tag(const Subject& container, const Facts& /*facts*/) {
    const auto& node = container.node->at("image");
    if (auto trouble = image_trouble(node)) {
        return trouble;
    }
    static const RE2 moving(
        "(?i)^(latest|main|master|trunk|head|dev(el(op)?)?|edge|nightly|stable|snapshot|canary|"
        "prod(uction)?|staging|test)$"
    );
    const auto image = read_image(node.text);
    const bool is_moving = image.tag.empty() || is_found(moving, image.tag);
    return is_moving && image.digest.empty()
               ? fails_at(node, std::string(node.text), "a tag of a version")
               : holds(std::string(node.text));
}

std::optional<Answer> image_has_digest(const Subject& container, const Facts& /*facts*/) {
    const auto& node = container.node->at("image");
    if (auto trouble = image_trouble(node)) {
        return trouble;
    }
    return read_image(node.text).digest.empty()
               ? fails_at(node, std::string(node.text), "@sha256:...")
               : holds();
}

std::optional<Answer> image_is_from_allowed(const Subject& container, const Facts& facts) {
    const auto& allowed = facts.settings().registries;
    if (allowed.empty()) {
        return std::nullopt;
    }
    const auto& node = container.node->at("image");
    if (auto trouble = image_trouble(node)) {
        return trouble;
    }
    return is_from(node.text, allowed)
               ? holds()
               : fails_at(node, full_image(node.text), "one of the allowed registries");
}

constexpr std::string_view default_account = "default";

/// By itself, by its account, or for it has an account of its own, which is there for the API.
std::optional<Answer> has_no_default_token(const Subject& pod, const Facts& facts) {
    const auto& account = account_of(*pod.node);
    const auto& mounts = pod.node->at("automountServiceAccountToken");
    if (account.is_unknown() || mounts.is_unknown()) {
        return not_known("its account, or whether its token is mounted, is filled in later");
    }
    if (!account.text.empty() && account.text != default_account) {
        return holds();
    }
    if (mounts.exists()) {
        return read_bool(mounts) == false
                   ? holds()
                   : fails_at(
                         mounts,
                         "automountServiceAccountToken: " + std::string(mounts.text),
                         "false"
                     );
    }
    const ObjectName name{namespace_of(object_of(pod)), default_account};
    const auto* const shared = named("ServiceAccount", name, *pod.scope, facts);
    const bool is_withheld =
        shared != nullptr && read_bool(shared->node->at("automountServiceAccountToken")) == false;
    return is_withheld ? holds() : fails("automountServiceAccountToken is not set", "false");
}

/// It may be made elsewhere; then the pod waits for it.
std::optional<Answer> account_exists(const Subject& pod, const Facts& facts) {
    const auto& account = account_of(*pod.node);
    if (!account.is_unknown() && (account.text.empty() || account.text == default_account)) {
        return std::nullopt;
    }
    return facts.related(pod, relation::account).empty()
               ? fails_at(account, std::string(account.text) + " is not here", "a ServiceAccount")
               : holds();
}

constexpr std::array<NamedCheck, 12> checks = {{
    {"container-is-long-running", is_long_running},
    {"container-is-served", is_served},
    {"probe-ports-are-declared", probe_ports_are_declared},
    {"probes-differ", probes_differ},
    {"no-secrets-in-environment", no_secrets_in_environment},
    {"no-secrets-in-config", no_secrets_in_config},
    {"variables-are-unique", variables_are_unique},
    {"image-has-tag", image_has_tag},
    {"image-has-digest", image_has_digest},
    {"image-is-from-allowed-registry", image_is_from_allowed},
    {"service-account-exists", account_exists},
    {"pod-has-no-default-token", has_no_default_token},
}};

}  // namespace

std::span<const NamedCheck> kubernetes_pod_checks() {
    return checks;
}

}  // namespace deployctl::readiness
