// SPDX-License-Identifier: Apache-2.0
// Parts of the Pod Security Standards that are no condition over one field: AppArmor with its
// annotations, SELinux, types of volumes. Each says what k8s.io/pod-security-admission says.
#pragma once

#include "readiness/check.hpp"

#include <span>

namespace deployctl::readiness {

std::span<const NamedCheck> pod_security_checks();

}  // namespace deployctl::readiness
