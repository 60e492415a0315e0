// SPDX-License-Identifier: Apache-2.0
// Fields of pods and containers that Kubernetes knows: what it does not know is dropped without a
// word, a misspelt probe too.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> kubernetes_field_checks();

}  // namespace deployctl::readiness
