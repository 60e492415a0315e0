// SPDX-License-Identifier: Apache-2.0
// Quantities of Kubernetes: "500m", "1.5", "128Mi", "1e3". Pure; any thread.
#pragma once

#include "model/value.hpp"

#include <optional>

namespace deployctl {

/// A text, or a number, as it stands in an object; in units: cores, bytes, pieces. Nothing where it
/// is no quantity, or less than none.
std::optional<double> read_quantity(const Value& value);

}  // namespace deployctl
