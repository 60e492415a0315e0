// SPDX-License-Identifier: Apache-2.0
// What rules ask in code of folders of Terraform, and of what is made by them. Pure; any thread.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> terraform_checks();
std::span<const NamedCheck> aws_checks();
std::span<const NamedCheck> aws_network_checks();
std::span<const NamedCheck> aws_policy_checks();
std::span<const NamedCheck> aws_version_checks();
std::span<const NamedCheck> gcp_network_checks();

}  // namespace deployctl::readiness
