// SPDX-License-Identifier: Apache-2.0
// The last thing that is said of a rollout: that it went well, or why it did not, with value
// against limit, pods, events and log lines. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/rollout.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

struct Ending {
    RolloutRecord rollout;
    std::optional<Cause> cause;
    ExitCode exit{};
};

/// One line: "rollout 12 promoted: v2 serves in production".
std::string ending_line(const Ending& ending, const Style& style);
/// The block that stands at the end of what went wrong, after `error[...]`.
std::string why_block(const Ending& ending, const Style& style);
/// The rows of the block alone: why, pods, change, ...
std::string cause_rows(const Cause& cause, const Style& style);
/// Markdown, for a job's summary page.
std::string summary_page(const Ending& ending);

}  // namespace deployctl::cli
