// SPDX-License-Identifier: Apache-2.0
// The Helm charts of a tree of files: their values, their templates, and whose rendering shows
// them. Pure; values with pointers into the files that were given.
#pragma once

#include "readiness/facts.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

struct Chart {
    std::vector<std::string> values;  ///< files, in the order of the tree
    std::vector<const AssessedFile*> templates;
    /// The folder of the chart that it is rendered with: its own, or that of the chart in whose
    /// `charts` it lies. Nothing of a library, which makes nothing by itself.
    std::optional<std::string> rendered_with;
};

using Charts = std::map<std::string, Chart, std::less<>>;  ///< by folder

Charts read_charts(const std::deque<AssessedFile>& files);

/// The folder of the chart in whose templates the file is.
std::optional<std::string> chart_of_template(const Charts& charts, std::string_view path);

/// What a rendering of the chart is called: its file of values, or else its Chart.yaml.
std::vector<std::string> rendering_names(std::string_view folder, const Chart& chart);
/// The folder of the chart that is rendered under this name.
std::optional<std::string> chart_of_rendering(const Charts& charts, std::string_view name);

}  // namespace deployctl::readiness
