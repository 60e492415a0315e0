// SPDX-License-Identifier: Apache-2.0
// What a command answers, in every form that can be asked for: text for people, the same as data.
// Goes to the standard output and nowhere else.
#pragma once

#include "cli/session.hpp"
#include "model/value.hpp"

#include <functional>
#include <string>
#include <vector>

namespace deployctl::cli {

struct Result {
    Value value;  ///< a map; "v" is added in front; lists stand under "items"
    std::function<std::string(const Style& style)> text;
    std::vector<std::string> names;  ///< `-o name`, one a line
};

void print(const Session& session, const Result& result);
/// `-o wide`, or the ordinary table.
bool is_wide(const Session& session);
/// Data is asked for: whatever else a command would say in words on the standard output has to go.
bool wants_data(const Session& session);

/// As YAML; texts are quoted where another reading is possible.
std::string write_yaml(const Value& value);

}  // namespace deployctl::cli
