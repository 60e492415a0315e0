// SPDX-License-Identifier: Apache-2.0
// A service of a compose file in one form (docs/formats/compose-tree.md): short ports, mounts,
// lists of variables and networks as the maps that they mean, and `x-limits` of either kind. One
// thread.
#pragma once

#include "readiness/inputs/compose_values.hpp"

namespace deployctl::readiness {

/// A service as it stands in its file, without what it extends.
documents::Node compose_service(const documents::Node& service, ComposeTree& tree);

/// With `x-limits` of `deploy.resources.limits` or the older keys.
documents::Node with_compose_limits(const documents::Node& service, ComposeTree& tree);

}  // namespace deployctl::readiness
