// SPDX-License-Identifier: Apache-2.0
// What the API server fills into a pod template that says nothing of it: as far as the tests need
// it. Pure; any thread.
#pragma once

#include "model/value.hpp"

namespace deployctl::simcluster {

/// The template of a manifest as the server will keep it: with the defaults at all places at which
/// the live template has something and this one nothing. Containers and the like are matched by
/// name; a new one is filled in as the first of the live ones.
Value with_pod_defaults(Value manifest, const Value& live);

}  // namespace deployctl::simcluster
