// SPDX-License-Identifier: Apache-2.0
// What the API server does with an object that somebody writes: fills in defaults, keeps what is
// not the writer's (status, metadata of the server), and refuses what it would refuse. Pure; any
// thread.
#pragma once

#include "model/kubernetes/object.hpp"
#include "model/value.hpp"

#include <string>

namespace deployctl::simcluster {

/// With the defaults of the kind; empty maps of labels and annotations are dropped, as on the wire.
Value with_defaults(Kind kind, Value object);
/// What the writer may not touch stands again as before.
Value with_server_fields(const Value& before, Value after);
/// Why the object cannot be stored; empty where it can. `before` is null for a new one.
std::string refusal_of(Kind kind, const Value& before, const Value& after);

}  // namespace deployctl::simcluster
