// SPDX-License-Identifier: Apache-2.0
// What is left of a workload when a node, a zone or a drain takes some of it.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> kubernetes_availability_checks();

}  // namespace deployctl::readiness
