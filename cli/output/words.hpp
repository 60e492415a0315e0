// SPDX-License-Identifier: Apache-2.0
// The words and signs of states, the same in every view. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/rollout.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

/// "rolled back"
std::string words_of(std::string state);
std::string words_of(RolloutState state);
/// Digests cut to what people compare: "sha256:9ab1c2d3e4f5…".
std::string with_short_digests(std::string text, const Style& style);
Sign sign_of(RolloutState state);
/// What somebody can do with one that stands on its way back: each leads elsewhere.
std::vector<std::string> half_way_back(
    const RolloutRecord& rollout, const std::optional<Cause>& cause
);
/// "deployctl approve 128 --approval sre --reason TEXT"
std::string approve_command(std::int64_t number, const std::string& approval);
/// How long it took, or takes so far.
std::string took_text(const RolloutRecord& rollout, WallTime now);
/// "web → production", or the namespace where no environment is named.
std::string place_text(const Target& target, const Style& style);

}  // namespace deployctl::cli
