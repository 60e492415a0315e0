// SPDX-License-Identifier: Apache-2.0
// A plan as JSON and back (docs/formats/plan.md), and its digest. Pure. Reading throws
// Error{state_unreadable} where the text is of a schema that this program does not know.
#pragma once

#include "model/plan.hpp"
#include "model/value.hpp"

#include <string>

namespace deployctl::engine {

Value to_value(const Plan& plan);
Plan read_plan(const Value& value);
/// SHA-256 of the canonical JSON.
std::string hash_of(const Plan& plan);
/// The plan for the journal: literal environment values of the templates are replaced by a mark,
/// since they may be secret. They stay in the cluster's record.
Value without_literals(const Plan& plan);
/// The journal's plan with what is hidden in it taken from the same places of the workload in the
/// cluster; `hash_of` tells whether it is the plan that was.
Plan with_literals(Plan plan, const Value& workload);

}  // namespace deployctl::engine
