// SPDX-License-Identifier: Apache-2.0
// The words and signs of states, the same in every view. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/rollout.hpp"

#include <string>

namespace deployctl::cli {

/// "rolled back"
std::string words_of(std::string state);
std::string words_of(RolloutState state);
/// Digests cut to what people compare: "sha256:9ab1c2d3e4f5…".
std::string with_short_digests(std::string text, const Style& style);
Sign sign_of(RolloutState state);
/// How long it took, or takes so far.
std::string took_text(const RolloutRecord& rollout, WallTime now);
/// "web → production", or the namespace where no environment is named.
std::string place_text(const Target& target, const Style& style);

}  // namespace deployctl::cli
