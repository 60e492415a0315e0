// SPDX-License-Identifier: Apache-2.0
// The one subject `repository`, for questions about all of it; its node is empty. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Input repository_input();

}  // namespace deployctl::readiness
