// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/presence.hpp"

#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

bool is_pipeline(std::string_view path) {
    static const RE2 known(
        "(^|/)(\\.github/workflows/[^/]+\\.ya?ml|\\.gitlab-ci\\.ya?ml|Jenkinsfile[^/]*|"
        "\\.circleci/config\\.ya?ml|azure-pipelines[^/]*\\.ya?ml|\\.buildkite/[^/]+|"
        "bitbucket-pipelines\\.ya?ml|\\.drone\\.ya?ml|\\.woodpecker(\\.ya?ml|/[^/]+)|"
        "\\.tekton/[^/]+|cloudbuild[^/]*\\.ya?ml|buildspec[^/]*\\.ya?ml|\\.travis\\.yml|"
        "\\.semaphore/[^/]+|\\.teamcity/[^/]+|\\.forgejo/workflows/[^/]+|\\.gitea/workflows/[^/]+)$"
    );
    return is_found(known, path);
}

/// Only of what is delivered: a collection of alerts needs no pipeline.
bool is_delivered(const Facts& facts) {
    static constexpr std::array<std::string_view, 3> kinds = {
        "workload", "dockerfile", "compose-service"
    };
    return std::any_of(kinds.begin(), kinds.end(), [&](std::string_view kind) {
        const auto found = facts.of(kind);
        return std::any_of(found.begin(), found.end(), [](const Subject* subject) {
            return subject->file->rendering != "live";
        });
    });
}

std::optional<Answer> pipeline_exists(const Subject& /*subject*/, const Facts& facts) {
    if (!is_delivered(facts)) {
        return std::nullopt;
    }
    for (const auto& file : facts.files()) {
        if (file.rendering.empty() && is_pipeline(file.path)) {
            return holds(file.path);
        }
    }
    return fails("there is no pipeline", "a workflow that builds, tests and delivers");
}

/// Filled in elsewhere, or encrypted.
bool is_placeholder(std::string_view value) {
    static const RE2 forms(
        "^\\s*$|^\\$[({]|^<.*>$|\\{\\{|^ENC\\[|(?i)^(change-?_?me|replace|placeholder|todo|xxx+|"
        "your[-_ ]|example|dummy)"
    );
    return is_found(forms, value);
}

const documents::NodeEntry* plain_entry(const documents::Node& map) {
    const auto found =
        std::find_if(map.entries.begin(), map.entries.end(), [](const documents::NodeEntry& entry) {
            return entry.value.is_scalar() && !is_placeholder(entry.value.text);
        });
    return found == map.entries.end() ? nullptr : &*found;
}

std::optional<Answer> secret_is_not_plain(const Subject& subject, const Facts& /*facts*/) {
    if (subject.file->rendering == "live" || subject.node->at("sops").exists()) {
        return std::nullopt;
    }
    for (const auto* key : {"stringData", "data"}) {
        if (const auto* entry = plain_entry(subject.node->at(key))) {
            return fails_at(entry->value, std::string(entry->key) + " is set", "no value");
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 2> checks = {{
    {"pipeline-exists", pipeline_exists},
    {"secret-is-not-plain", secret_is_not_plain},
}};

}  // namespace

std::span<const NamedCheck> presence_checks() {
    return checks;
}

}  // namespace deployctl::readiness
