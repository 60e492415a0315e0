// SPDX-License-Identifier: Apache-2.0
// Questions about backups: is there one, does it run, can it be brought back, and do documents
// claim more than the repository does.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> backup_checks();

}  // namespace deployctl::readiness
