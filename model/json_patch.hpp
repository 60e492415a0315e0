// SPDX-License-Identifier: Apache-2.0
// JSON Patch (RFC 6902) as data: the one way in which deployctl changes an object. Values; any
// thread. `apply` is what the fake cluster uses; it follows the API server's library: a `test` of a
// key that is not there passes only against null, and fails where the parent itself is missing.
// Any patch has an answer: what does not fit the document is refused, never thrown.
#pragma once

#include "model/value.hpp"

#include <string>
#include <variant>
#include <vector>

namespace deployctl {

enum class PatchVerb { test, add, replace, remove };

struct PatchOperation {
    PatchVerb verb;
    std::string path;
    Value value = {};

    friend bool operator==(const PatchOperation&, const PatchOperation&) = default;
};

using JsonPatch = std::vector<PatchOperation>;

/// Why a patch was refused: the operation and what stood there instead.
struct PatchRefused {
    std::string reason;
};

std::variant<Value, PatchRefused> apply(const JsonPatch& patch, Value document);
Value to_value(const JsonPatch& patch);
const char* to_text(PatchVerb verb);

}  // namespace deployctl
