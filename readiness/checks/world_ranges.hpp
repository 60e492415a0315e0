// SPDX-License-Identifier: Apache-2.0
// Whether ranges of addresses, as rules of cloud networks have them, are the whole world. Pure; any
// thread.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

/// Of a range, or of a list of them: any.
Truth is_world(const documents::Node& ranges);

}  // namespace deployctl::readiness
