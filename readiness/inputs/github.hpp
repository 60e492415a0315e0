// SPDX-License-Identifier: Apache-2.0
// Workflows and composite actions of GitHub: `workflow`, `workflow-job`, `workflow-step`,
// `composite-action` and `dependabot`. A step's owner is its job, or its action. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

std::span<const Input> github_inputs();

/// Whether this event starts the workflow; `on` may be a text, a list or a map.
bool is_started_by(const documents::Node& workflow, std::string_view event);

}  // namespace deployctl::readiness
