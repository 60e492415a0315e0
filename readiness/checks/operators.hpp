// SPDX-License-Identifier: Apache-2.0
// Pods that are nowhere written, since an operator makes them of an object of its own: what selects
// nothing here may select those.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

/// Not known where an object of a known operator lies in the scope of `selecting`; else nothing.
std::optional<Answer> ask_operators(const Subject& selecting, const Facts& facts);

}  // namespace deployctl::readiness
