// SPDX-License-Identifier: Apache-2.0
// What a repository has none of, and what should not be in it.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> presence_checks();

}  // namespace deployctl::readiness
