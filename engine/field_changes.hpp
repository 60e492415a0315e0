// SPDX-License-Identifier: Apache-2.0
// What bringing a manifest out changes of an object, field by field, there and back. A manifest
// says less than the server keeps: only what it says is written, and what its last version said and
// this one does not is taken away. Pure; any thread.
#pragma once

#include "model/json_patch.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

struct FieldChange {
    std::string pointer;
    Value before;  ///< null: it is not there
    Value after;

    friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

enum class Side { before, after };

/// Places that the one says and the other does not, the highest of each; lists are one place.
std::vector<std::string> places_gone(const Value& said_before, const Value& said);
/// In the order of the manifest; a list of another length is one change.
std::vector<FieldChange> field_changes(
    const Value& live, const Value& said, const std::vector<std::string>& gone
);
/// What of that side is missing on the object.
JsonPatch patch_to(const Value& object, const std::vector<FieldChange>& changes, Side side);
bool is_at(const Value& object, const std::vector<FieldChange>& changes, Side side);

}  // namespace deployctl::engine
