// SPDX-License-Identifier: Apache-2.0
// Dockerfiles: the language, and the subjects `dockerfile` (the file) and `docker-stage` (each of
// its stages). Pure functions; see readiness/input.hpp.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Language dockerfile_language();
Input dockerfile_input();

}  // namespace deployctl::readiness
