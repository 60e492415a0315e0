// SPDX-License-Identifier: Apache-2.0
// Questions about environments: are they told apart, does each have its own, is production no
// weaker than what was tested before it.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> environment_checks();
/// What one environment has against the others.
std::span<const NamedCheck> parity_of_environments_checks();

}  // namespace deployctl::readiness
