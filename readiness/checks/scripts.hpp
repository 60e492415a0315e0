// SPDX-License-Identifier: Apache-2.0
// Questions about scripts, Makefiles and what documents promise of them; and about secrets in
// whatever is run.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> script_checks();

}  // namespace deployctl::readiness
