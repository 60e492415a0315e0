// SPDX-License-Identifier: Apache-2.0
// An assessment as a comment on a pull request: a hidden mark by which a later run finds its own,
// the verdict on the first line, and never more bytes than a comment may have: it is cut from the
// end, and says what was left out. Pure; any thread.
#pragma once

#include "readiness/delta.hpp"
#include "readiness/reports/summary.hpp"

#include <cstddef>
#include <string>

namespace deployctl::readiness {

inline constexpr std::size_t most_comment_bytes = 60'000;

struct Comment {
    std::size_t most_bytes = most_comment_bytes;
    const Delta* delta = nullptr;  ///< since a baseline, where there is one
};

std::string markdown_of(
    const Assessment& assessment, const ReportHead& head, const Comment& comment = {}
);

}  // namespace deployctl::readiness
