// SPDX-License-Identifier: Apache-2.0
// Questions about the expressions of alerts and recordings: can they ever give anything, do they
// mean what they say.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> alert_expression_checks();

}  // namespace deployctl::readiness
