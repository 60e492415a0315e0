// SPDX-License-Identifier: Apache-2.0
// What is told while a Lease is waited for. It stands in no journal, since only who holds the Lease
// writes there: the event's `seq` is 0. Engine's thread.
#pragma once

#include "engine/lease.hpp"
#include "engine/ports.hpp"

namespace deployctl::engine {

/// Tells the sink of `ports`, on behalf of `waiting` (which may be of no journal yet), who holds
/// the Lease of `target`, and after how much silence it is taken.
OnWait tell_of_waiting(const Ports& ports, const RolloutRecord& waiting, const Target& target);

}  // namespace deployctl::engine
