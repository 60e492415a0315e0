// SPDX-License-Identifier: Apache-2.0
// Overlays and charts as the cluster gets them: each root is rendered by `kubectl kustomize` or
// `helm template`, and its nodes name the files they come from. Nothing is started where there is
// nothing to render, nothing is fetched, and what cannot be rendered costs its own root: a file
// with a trouble, in the tool's words. Engine's thread.
#pragma once

#include "ports/clock.hpp"
#include "ports/process.hpp"
#include "readiness/charts.hpp"
#include "readiness/input.hpp"
#include "readiness/kustomize.hpp"

#include <string>
#include <vector>

namespace deployctl::readiness {

struct RenderTools {
    Process* process = nullptr;  ///< never null
    std::string base;            ///< the folder that is assessed, absolute
    std::string kubectl;         ///< empty: there is none
    std::string helm;
    std::string unshare;           ///< runs the others without a network, where it may
    const Clock* clock = nullptr;  ///< null: there is no limit on the time of all together
    ReadText (*read)(std::string text) = nullptr;  ///< of the language "yaml"
};

/// One thing to render, or why it is not.
struct RenderJob {
    std::string name;               ///< AssessedFile::rendering: a folder, or a file of values
    std::string folder;             ///< of the kustomization or the chart
    std::vector<std::string> argv;  ///< empty: it is refused
    std::string refused;
    bool is_chart = false;
};

/// Points into the facts it was made of.
struct RenderPlan {
    Kustomizations kustomizations;
    Charts charts;
    std::vector<RenderJob> jobs;  ///< by name
};

/// Depends on the files alone, so that a tree without kustomizations and charts costs nothing.
RenderPlan plan_renderings(const Facts& facts, const RenderTools& tools);

/// What one run has given.
AssessedFile rendered_file(
    const RenderJob& job,
    const CommandResult& result,
    const RenderPlan& plan,
    const Facts& facts,
    const RenderTools& tools
);

/// All of them, in order; `facts` outlives the task.
Task<std::vector<AssessedFile>> render(const Facts* facts, RenderTools tools);

}  // namespace deployctl::readiness
