// SPDX-License-Identifier: Apache-2.0
// NetworkPolicies as the cluster reads them (namespace, expressions, types), and what Ingresses and
// routes lead to.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> kubernetes_network_checks();

}  // namespace deployctl::readiness
