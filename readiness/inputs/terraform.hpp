// SPDX-License-Identifier: Apache-2.0
// Terraform as it is written: every resource, once for each way in which its folder is called (by a
// root's values of an environment, by a module's arguments), with what is known filled in; and the
// folders themselves. Values that are not known stay so, defaults are never taken for them. Plans
// (`terraform show -json`) are read by terraform_plan.cpp. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

/// From a resource to those that name it in an attribute.
inline constexpr std::string_view terraform_mentions = "named in";

Language hcl_language();
Input terraform_input();

}  // namespace deployctl::readiness
