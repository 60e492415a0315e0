// SPDX-License-Identifier: Apache-2.0
#include "model/image.hpp"
#include "readiness/checks/images.hpp"
#include "readiness/inputs/images.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace deployctl::readiness {

namespace {

using documents::Node;

std::set<std::string_view> container_ports(const Subject& container) {
    std::set<std::string_view> ports;
    for (const auto& port : container.node->at("ports").items) {
        ports.insert(port.text_at("containerPort"));
    }
    ports.erase("");
    return ports;
}

/// What the compose file publishes is what the workload serves.
std::optional<Answer> ports_are_the_workloads(const Subject& subject, const Facts& facts) {
    std::optional<Answer> answer;
    for (const auto* const container : facts.related(subject, relation::containers)) {
        const auto served = container_ports(*container);
        if (served.empty()) {
            continue;
        }
        for (const auto& port : subject.node->at("ports").items) {
            const auto& target = port.at("target");
            if (target.is_unknown()) {
                answer = not_known("a port is not known here");
            } else if (target.is_scalar() && !served.contains(target.text)) {
                return fails_at(
                    target, "port " + std::string(target.text) + ", not of " + container->path
                );
            } else if (!answer) {
                answer = holds();
            }
        }
    }
    return answer;
}

std::set<std::string_view> variables(const Subject& container) {
    std::set<std::string_view> names;
    for (const auto& variable : container.node->at("env").items) {
        names.insert(variable.text_at("name"));
    }
    return names;
}

/// Where all of a ConfigMap comes in, nobody can tell by this container alone.
std::optional<Answer> variables_are_the_workloads(const Subject& subject, const Facts& facts) {
    const auto& own = subject.node->at("environment").entries;
    std::optional<Answer> answer;
    for (const auto* const container : facts.related(subject, relation::containers)) {
        if (own.empty() || container->node->at("env").items.empty()) {
            continue;
        }
        if (container->node->at("envFrom").exists()) {
            answer = answer ? answer : holds("envFrom");
            continue;
        }
        const auto names = variables(*container);
        for (const auto& entry : own) {
            if (!names.contains(entry.key)) {
                return fails_at(
                    entry.value, std::string(entry.key) + ", not of " + container->path
                );
            }
        }
        answer = holds();
    }
    return answer;
}

std::string_view major(std::string_view tag) {
    return tag.substr(0, tag.find_first_of(".-"));
}

/// The store that developers use is the one that production has.
std::optional<Answer> version_is_the_workloads(const Subject& subject, const Facts& facts) {
    const auto& image = subject.node->at("image");
    if (!image.is_scalar() || subject.node->at("build").exists()) {
        return std::nullopt;
    }
    std::optional<Answer> answer;
    const auto ours = read_image(image.text);
    for (const auto* const container : facts.related(subject, relation::containers)) {
        const auto text = container->node->text_at("image");
        const auto theirs = read_image(text);
        const bool is_comparable =
            image_name(text) == image_name(image.text) && !theirs.tag.empty() && !ours.tag.empty();
        if (!is_comparable) {
            continue;
        }
        if (major(theirs.tag) != major(ours.tag)) {
            return fails_at(
                image, std::string(image.text) + ", " + std::string(text) + " of " + container->path
            );
        }
        answer = holds();
    }
    return answer;
}

std::optional<Answer> user_is_the_workloads(const Subject& subject, const Facts& facts) {
    const auto& user = subject.node->at("user");
    if (!user.is_scalar()) {
        return std::nullopt;
    }
    const auto id = user.text.substr(0, user.text.find(':'));
    std::optional<Answer> answer;
    for (const auto* const container : facts.related(subject, relation::containers)) {
        const auto* const pod = container->nearest("pod");
        const auto of_pod = pod == nullptr ? "" : pod->node->text_at("securityContext/runAsUser");
        const auto run_as = container->node->text_at("securityContext/runAsUser", of_pod);
        if (run_as.empty()) {
            continue;
        }
        if (run_as != id) {
            return fails_at(
                user,
                "user " + std::string(user.text) + ", runAsUser " + std::string(run_as) + " of " +
                    container->path
            );
        }
        answer = holds();
    }
    return answer;
}

/// What holds for those that were looked at need not hold for the rest.
template <Check check>
std::optional<Answer> of_all(const Subject& subject, const Facts& facts) {
    auto answer = check(subject, facts);
    if (answer && answer->holds == Truth::yes &&
        !facts.related(subject, relation::more_containers).empty()) {
        return not_known("more containers run its image than are looked at");
    }
    return answer;
}

constexpr std::array<NamedCheck, 4> checks = {{
    {"compose-ports-are-the-workloads", of_all<ports_are_the_workloads>},
    {"compose-variables-are-the-workloads", of_all<variables_are_the_workloads>},
    {"compose-version-is-the-workloads", of_all<version_is_the_workloads>},
    {"compose-user-is-the-workloads", of_all<user_is_the_workloads>},
}};

}  // namespace

std::span<const NamedCheck> parity_checks() {
    return checks;
}

}  // namespace deployctl::readiness
