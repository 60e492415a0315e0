// SPDX-License-Identifier: Apache-2.0
// What is asked of pods and their containers in code: probes, secrets, images, accounts.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> kubernetes_pod_checks();

}  // namespace deployctl::readiness
