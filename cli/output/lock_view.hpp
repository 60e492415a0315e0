// SPDX-License-Identifier: Apache-2.0
// Who holds the lock of an app, as its Lease says: for people and as data. Pure.
#pragma once

#include "engine/lease.hpp"
#include "model/value.hpp"

#include <string>

namespace deployctl::cli {

/// "ada@laptop on laptop, pid 812, heartbeat 4s ago, runs out in 26s unless renewed; epoch 3"
std::string lock_text(const engine::LeaseView& lock, WallTime now);
/// Null where there is no Lease.
Value lock_value(const engine::LeaseView& lock, WallTime now);

}  // namespace deployctl::cli
