// SPDX-License-Identifier: Apache-2.0
// Autoscalers against what they scale: requests, quotas, claims.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> kubernetes_scaling_checks();

}  // namespace deployctl::readiness
