// SPDX-License-Identifier: Apache-2.0
// A plan that was kept: what it does, without literal values that may be secret, and the hash of
// all of it. A rollout that is held to it starts only where its own plan has that hash. Throws
// Error.
#pragma once

#include "model/plan.hpp"
#include "model/value.hpp"

#include <string>

namespace deployctl::cli {

/// 0600; throws Error{usage} where it cannot be written.
void write_plan_file(const std::string& path, const Plan& plan);
/// As it stands in the file. Throws Error{usage} where it is no such file.
Value read_plan_file(const std::string& path);
/// Throws Error{blocked} where `plan` is not the one that was kept, which was read from `path`.
void hold_to_plan(const Value& kept, const std::string& path, const Plan& plan);

}  // namespace deployctl::cli
