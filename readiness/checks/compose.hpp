// SPDX-License-Identifier: Apache-2.0
// Questions about compose files that are code: a service beside its Dockerfile, its file's networks
// and volumes, and its file's other services. Pure; see readiness/check.hpp.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

/// Of one service, and what it needs of its file.
std::span<const NamedCheck> compose_checks();
/// Of all services of a file together.
std::span<const NamedCheck> compose_file_checks();

}  // namespace deployctl::readiness
