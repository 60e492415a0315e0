// SPDX-License-Identifier: Apache-2.0
// Every query of the gates is asked once before a rollout begins, about the pods that are there: a
// mistake in it, or a source that does not answer, must not be found in the middle. Reads only.
#pragma once

#include "engine/preflight.hpp"
#include "ports/outside.hpp"

namespace deployctl::engine {

/// Pods that run what was there before: before a rollout there are no others.
std::vector<std::string> pods_now(const Plan& plan, const World& world);

Task<PreflightResult> preflight_gates(Outside outside, const World* world, Plan plan);

/// What commands run is what it was when the plan was made: their scripts' hashes go into it. Says
/// which cannot be read.
PreflightResult freeze_scripts(Files& files, GatesByName& gates);

/// Warns of reports and backups that gates judge and that are not there yet: a build may still
/// write them.
Task<PreflightResult> preflight_reports(Files* files, Plan plan);

}  // namespace deployctl::engine
