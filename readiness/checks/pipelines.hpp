// SPDX-License-Identifier: Apache-2.0
// Questions about pipelines of GitHub and GitLab: what their jobs are for, what they wait for, and
// what the repository's commands as a whole do and do not do.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> pipeline_checks();
/// Of the whole repository: is there a way back, are images scanned.
std::span<const NamedCheck> delivery_checks();

}  // namespace deployctl::readiness
