// SPDX-License-Identifier: Apache-2.0
// What is asked of objects and of those they name: selectors, Services, versions of the API, roles.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> kubernetes_object_checks();

}  // namespace deployctl::readiness
