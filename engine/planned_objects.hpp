// SPDX-License-Identifier: Apache-2.0
// The other objects of a release as steps of its plan: brought out before the pods, restored in
// reverse order on the way back, and removed, where the release has them no more, after everything
// else. Pure.
#pragma once

#include "engine/field_changes.hpp"
#include "engine/object_inputs.hpp"
#include "model/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

std::vector<ReleaseObject> objects_of(const Plan& plan);
/// By the text that its action has; nothing where the plan has none of it.
std::optional<ReleaseObject> find_object(const Plan& plan, const std::string& text);
/// As the snapshot has it; null where it was not there.
const Value& original_of(const Plan& plan, const ObjectRef& ref);
/// Between the snapshot and what is said; none where it is created or removed.
std::vector<FieldChange> changes_of(const Plan& plan, const ReleaseObject& object);
/// Those that steps of the plan write.
std::vector<ReleaseObject> written_objects(const Plan& plan);
/// What is created: as it is said, in its namespace.
Value make_object(const ReleaseObject& object);
/// What is created again: the object without what the server gave the one that is gone.
Value as_new(Value original);

/// Before the strategy's steps; on the way back before the end is verified. What forbids the plan
/// comes back.
std::vector<std::string> use_objects(Plan& plan, const ObjectInputs& inputs);
/// At the very end.
void use_removals(Plan& plan);

}  // namespace deployctl::engine
