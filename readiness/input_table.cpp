// SPDX-License-Identifier: Apache-2.0
// All languages and inputs: one row each, in the order in which they are asked.
#include "readiness/input.hpp"
#include "readiness/inputs/cluster_events.hpp"
#include "readiness/inputs/commands.hpp"
#include "readiness/inputs/compose.hpp"
#include "readiness/inputs/dockerfile.hpp"
#include "readiness/inputs/environments.hpp"
#include "readiness/inputs/github.hpp"
#include "readiness/inputs/gitlab.hpp"
#include "readiness/inputs/images.hpp"
#include "readiness/inputs/journal.hpp"
#include "readiness/inputs/kubernetes.hpp"
#include "readiness/inputs/kustomization.hpp"
#include "readiness/inputs/prometheus.hpp"
#include "readiness/inputs/repository.hpp"
#include "readiness/inputs/terraform.hpp"
#include "readiness/inputs/terraform_plan.hpp"
#include "readiness/inputs/texts.hpp"
#include "readiness/inputs/yaml_language.hpp"

#include <vector>

namespace deployctl::readiness {

namespace {

template <class Row>
void append(std::vector<Row>& rows, std::span<const Row> more) {
    rows.insert(rows.end(), more.begin(), more.end());
}

std::vector<Language> join_languages() {
    std::vector<Language> rows = {
        dockerfile_language(),
        yaml_language(),
        hcl_language(),
    };
    append(rows, text_languages());
    return rows;
}

/// What looks at others' subjects comes after them.
std::vector<Input> join_inputs() {
    std::vector<Input> rows = {
        repository_input(),
        dockerfile_input(),
        gitlab_input(),
        compose_input(),
        terraform_input(),
        terraform_plan_input(),
        kustomization_input(),
        json_patch_input(),
        helm_chart_input(),
        kubernetes_input(),
        cluster_events_input(),
        journal_input(),
    };
    append(rows, text_inputs());
    append(rows, github_inputs());
    append(rows, prometheus_inputs());
    append(rows, environment_inputs());
    rows.push_back(commands_input());
    rows.push_back(images_input());
    return rows;
}

}  // namespace

std::span<const Language> all_languages() {
    static const auto languages = join_languages();
    return languages;
}

std::span<const Input> all_inputs() {
    static const auto inputs = join_inputs();
    return inputs;
}

}  // namespace deployctl::readiness
