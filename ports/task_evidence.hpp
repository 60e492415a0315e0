// SPDX-License-Identifier: Apache-2.0
// What the evidence of a task says to the engine, and not to people alone. Any thread.
#pragma once

namespace deployctl {

/// A stack that should go back, and of which this machine has no notes: nothing was applied, or by
/// a runner with another journal.
inline constexpr const char* nothing_applied_here = "/nothing_applied_here";

}  // namespace deployctl
