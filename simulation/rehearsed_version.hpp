// SPDX-License-Identifier: Apache-2.0
// What the pods of a version do in a rehearsal: nobody can know it, so they are good as the plan's
// own gates understand it, until a trouble says otherwise. Pure.
#pragma once

#include "model/plan.hpp"
#include "simcluster/behaviour.hpp"
#include "simulation/trouble.hpp"

#include <string>

namespace deployctl::simulation {

/// "v2": the new version as its image is named.
std::string name_of(const Plan& plan);
/// It answers each gate as expected, and the version probe with `version`.
simcluster::Behaviour good_version(
    const Plan& plan, const std::string& version, Duration ready_after
);
/// The same of the new version.
simcluster::Behaviour good_version(const Plan& plan, Duration ready_after);
/// The new version with this trouble, which is of the version.
simcluster::Behaviour bad_version(const Plan& plan, const Trouble& trouble, Duration ready_after);

}  // namespace deployctl::simulation
