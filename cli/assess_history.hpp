// SPDX-License-Identifier: Apache-2.0
// Earlier scores, for the trend of a page: of reports that were kept, and of what gates of type
// `readiness` have written into the journal before rollouts. Throws Error{usage} where a named
// report cannot be read. One thread.
#pragma once

#include "cli/session.hpp"
#include "readiness/reports/charts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::cli {

/// In the place of a file's name.
inline constexpr std::string_view history_of_journal = "journal";

std::vector<readiness::TrendPoint> read_history(
    Session& session, const std::vector<std::string>& sources
);

}  // namespace deployctl::cli
