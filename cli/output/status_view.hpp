// SPDX-License-Identifier: Apache-2.0
// One rollout as the journal knows it, on a few lines: state of the rollout, where it is, what its
// gates say, who runs it, what to do. Pure.
#pragma once

#include "cli/output/story.hpp"
#include "cli/output/style.hpp"
#include "model/rollout.hpp"
#include "model/value.hpp"
#include "ports/runners.hpp"

#include <string>

namespace deployctl::cli {

struct StatusView {
    const RolloutRecord& rollout;
    const Story& story;
    int steps = 0;
    Liveness liveness{};
    std::string lock = {};  ///< who holds it, as the cluster says; empty: not asked
};

std::string draw_status(const StatusView& view, WallTime now, const Style& style);
Value to_value(const Story& story);
/// The commands that make sense in this state.
std::string next_commands(const RolloutRecord& rollout, Liveness liveness, const Story& story = {});

}  // namespace deployctl::cli
