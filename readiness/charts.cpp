// SPDX-License-Identifier: Apache-2.0
#include "readiness/charts.hpp"

#include "readiness/inputs/paths.hpp"

#include <algorithm>

namespace deployctl::readiness {

namespace {

constexpr std::string_view chart_file = "Chart.yaml";
constexpr std::string_view templates_folder = "templates/";

std::string below(std::string_view folder, std::string_view name) {
    return std::string(folder) + (folder.empty() ? "" : "/") + std::string(name);
}

bool is_library(const AssessedFile& file) {
    const auto& roots = file.tree.roots();
    return !roots.empty() && roots.front().text_at("type") == "library";
}

/// Beside the chart, or in a folder `values` of it.
std::optional<std::string> chart_of_values(const Charts& charts, std::string_view path) {
    const auto name = base_name(path);
    const auto folder = folder_of(path);
    if (!name.ends_with(".yaml") && !name.ends_with(".yml")) {
        return std::nullopt;
    }
    if (name.starts_with("values") && charts.contains(folder)) {
        return std::string(folder);
    }
    const auto above = folder_of(folder);
    const bool is_below = base_name(folder) == "values" && charts.contains(above);
    return is_below ? std::optional(std::string(above)) : std::nullopt;
}

/// Helm renders what lies in a chart's `charts` together with it, and one level down only.
const Chart* owner_of(const Charts& charts, std::string_view folder) {
    const auto above = folder_of(folder);
    const auto found = base_name(above) == "charts" ? charts.find(folder_of(above)) : charts.end();
    return found == charts.end() ? nullptr : &found->second;
}

}  // namespace

Charts read_charts(const std::deque<AssessedFile>& files) {
    Charts charts;
    for (const auto& file : files) {
        if (file.rendering.empty() && base_name(file.path) == chart_file) {
            const std::string folder(folder_of(file.path));
            charts[folder].rendered_with = is_library(file) ? std::nullopt : std::optional(folder);
        }
    }
    // An owner comes before what lies below it.
    for (auto& [folder, chart] : charts) {
        const auto* const owner = owner_of(charts, folder);
        if (owner != nullptr && owner->rendered_with) {
            chart.rendered_with = owner->rendered_with;
        }
    }
    for (const auto& file : files) {
        if (!file.rendering.empty()) {
            continue;
        }
        if (const auto folder = chart_of_template(charts, file.path)) {
            charts[*folder].templates.push_back(&file);
        } else if (const auto owner = chart_of_values(charts, file.path)) {
            charts[*owner].values.push_back(file.path);
        }
    }
    return charts;
}

std::optional<std::string> chart_of_template(const Charts& charts, std::string_view path) {
    for (auto at = path.find(templates_folder); at != path.npos;
         at = path.find(templates_folder, at + 1)) {
        const bool begins_part = at == 0 || path[at - 1] == '/';
        const auto folder = path.substr(0, at == 0 ? 0 : at - 1);
        if (begins_part && charts.contains(folder)) {
            return std::string(folder);
        }
    }
    return std::nullopt;
}

std::vector<std::string> rendering_names(std::string_view folder, const Chart& chart) {
    return chart.values.empty() ? std::vector{below(folder, chart_file)} : chart.values;
}

std::optional<std::string> chart_of_rendering(const Charts& charts, std::string_view name) {
    if (base_name(name) == chart_file && charts.contains(folder_of(name))) {
        return std::string(folder_of(name));
    }
    return chart_of_values(charts, name);
}

}  // namespace deployctl::readiness
