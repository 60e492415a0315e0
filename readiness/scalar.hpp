// SPDX-License-Identifier: Apache-2.0
// What a scalar of a tree means: typed as YAML 1.1 does, and as a number or quantity. Pure; any
// thread.
#pragma once

#include "documents/tree.hpp"

#include <optional>

namespace deployctl::readiness {

/// `true` is `yes`, 1 is `1.0`, but "1" in quotes is a text.
bool same_scalar(const documents::Node& one, const documents::Node& other);
/// Of `true`, `yes`, `on` and their opposites; nothing of everything else.
std::optional<bool> read_bool(const documents::Node& node);
/// "500m" is half a one, "1Gi" 2^30; nothing of what is neither number nor quantity.
std::optional<double> read_amount(const documents::Node& node);

}  // namespace deployctl::readiness
