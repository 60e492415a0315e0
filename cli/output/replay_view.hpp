// SPDX-License-Identifier: Apache-2.0
// Verdicts that were judged anew, beside what was recorded, as text and as data. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "engine/gate_replay.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

/// "recomputed: the same", "recomputed: fail, recorded: pass", or whose word it is.
std::string replay_text(const engine::ReplayedVerdict& replayed);
/// A line a gate, and one for each verdict or decision that is another one; empty without gates.
std::string draw_replay(const std::vector<engine::ReplayedVerdict>& all, const Style& style);
Value to_value(const std::vector<engine::ReplayedVerdict>& all);

}  // namespace deployctl::cli
