// SPDX-License-Identifier: Apache-2.0
// A comparison of two assessments as data. Pure; any thread.
#pragma once

#include "model/value.hpp"
#include "readiness/delta.hpp"

namespace deployctl::readiness {

Value to_value(const Delta& delta);

}  // namespace deployctl::readiness
