// SPDX-License-Identifier: Apache-2.0
// All languages and inputs: one row each, in the order in which they are asked.
#include "readiness/input.hpp"
#include "readiness/inputs/dockerfile.hpp"
#include "readiness/inputs/terraform.hpp"
#include "readiness/inputs/terraform_plan.hpp"
#include "readiness/inputs/yaml_language.hpp"

#include <array>

namespace deployctl::readiness {

namespace {

const std::array languages = {
    dockerfile_language(),
    yaml_language(),
    hcl_language(),
};

const std::array inputs = {
    dockerfile_input(),
    terraform_input(),
    terraform_plan_input(),
};

}  // namespace

std::span<const Language> all_languages() {
    return languages;
}

std::span<const Input> all_inputs() {
    return inputs;
}

}  // namespace deployctl::readiness
