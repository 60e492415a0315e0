// SPDX-License-Identifier: Apache-2.0
// What a program that evaluates policies has said of a manifest: JSON of conftest or of opa. Where
// it has not said that it looked, there is `trouble`: an empty set of policies denies nothing, and
// proves nothing. Pure; any thread.
#pragma once

#include "ports/process.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace deployctl::gates {

struct RegoWord {
    std::vector<std::string> denials = {};
    std::vector<std::string> warnings = {};
    std::int64_t exceptions = 0;  ///< denied, and excepted by the policy itself
    std::string trouble = {};     ///< why nothing can be told
};

/// `conftest test --output json`.
RegoWord read_conftest(const CommandResult& result);
/// `opa eval --format json` of a rule that is a set of denials.
RegoWord read_opa(const CommandResult& result);

}  // namespace deployctl::gates
