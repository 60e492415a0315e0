// SPDX-License-Identifier: Apache-2.0
// Manifests of Kubernetes as subjects: each object by its kind, and of what makes pods `workload`,
// `pod` and `container`. What was rendered is a scope of its own; what lies in the repository is
// not judged raw where a rendering uses it. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Input kubernetes_input();

}  // namespace deployctl::readiness
