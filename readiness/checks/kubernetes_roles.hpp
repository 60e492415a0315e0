// SPDX-License-Identifier: Apache-2.0
// What roles of Kubernetes let their subjects do, asterisks included: an asterisk among the
// resources of a group holds every one of that group, and one among the verbs those that are never
// written.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> kubernetes_role_checks();

}  // namespace deployctl::readiness
