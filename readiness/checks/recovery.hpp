// SPDX-License-Identifier: Apache-2.0
// Questions about recovery: what is promised, whether what runs can keep it, and who does what when
// it has to be done.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> recovery_checks();

}  // namespace deployctl::readiness
