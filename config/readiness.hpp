// SPDX-License-Identifier: Apache-2.0
// The gate that asks what a container's readiness probe asks. Pure; any thread.
#pragma once

#include "model/settings.hpp"
#include "model/value.hpp"

#include <optional>

namespace deployctl::config {

/// Nothing without a probe over plain HTTP whose path and port a gate can have.
std::optional<HttpQuestion> gate_from_readiness(const Value& container);

}  // namespace deployctl::config
