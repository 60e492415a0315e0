// SPDX-License-Identifier: Apache-2.0
// Claims, their classes and backups, and what mounts them.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> kubernetes_storage_checks();

}  // namespace deployctl::readiness
