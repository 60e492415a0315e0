// SPDX-License-Identifier: Apache-2.0
// YAML and JSON, by the end of the name, and kustomizations without one. What package tools lock is
// left alone: it is large, and nobody asks about it. Pure; any thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Language yaml_language();

}  // namespace deployctl::readiness
