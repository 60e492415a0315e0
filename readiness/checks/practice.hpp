// SPDX-License-Identifier: Apache-2.0
// Questions about what was practised and measured, by the journal of deployments: drills, ways
// back, restores. Where nobody has read the journal none of them is asked.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> practice_checks();

}  // namespace deployctl::readiness
