// SPDX-License-Identifier: Apache-2.0
// Where the objects that Helm has rendered come from: it says the template of each, and the lines
// of that are compared with what was made of them. Pure; any thread.
#pragma once

#include "readiness/facts.hpp"

#include <deque>
#include <string_view>

namespace deployctl::readiness {

/// A copy of the rendered tree whose nodes name the template (Node::source) and the line that made
/// them, or the nearest one above it; the chart's Chart.yaml where the template is not there.
documents::Tree with_template_places(
    const documents::Tree& rendered,
    std::string_view chart_folder,
    const std::deque<AssessedFile>& files
);

}  // namespace deployctl::readiness
