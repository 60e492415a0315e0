// SPDX-License-Identifier: Apache-2.0
// A plan of Terraform as `terraform show -json` writes it: each resource as it will be, by
// `planned_values`, where every variable is known already. What is known only after the apply is
// unknown. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Input terraform_plan_input();

}  // namespace deployctl::readiness
