// SPDX-License-Identifier: Apache-2.0
// Questions across artefacts: a Dockerfile beside the containers that run its image, a compose
// service beside its workload. Pure; see readiness/check.hpp.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

/// Of a container, beside its Dockerfile.
std::span<const NamedCheck> image_checks();
/// Of a compose service, beside its workload.
std::span<const NamedCheck> parity_checks();

}  // namespace deployctl::readiness
