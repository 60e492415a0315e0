// SPDX-License-Identifier: Apache-2.0
// A plan for people: what changes, by which weights and steps, what comes back if it fails, what to
// know. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "engine/hold_sight.hpp"
#include "engine/planning.hpp"

#include <string>

namespace deployctl::cli {

struct PlanView {
    std::string context;
    Style style;
    enum class Detail { stages, steps } detail = Detail::steps;
    std::string freeze = {};  ///< "none before Fri 17:00 (Europe/Berlin)"; empty: nothing to say
    std::string infra = {};   ///< of stacks: "data: 1 to change, 0 to destroy"; empty: none
    engine::PlanSight sight = {};  ///< of its holds
};

std::string draw(const engine::PlanDraft& draft, const PlanView& view);
/// Refusals and warnings, one a line, each with its sign.
std::string draw_objections(const engine::PlanDraft& draft, const Style& style);

}  // namespace deployctl::cli
