// SPDX-License-Identifier: Apache-2.0
// The functions and aggregations of PromQL: what they take, what they give. Data; any thread.
#pragma once

#include <string_view>

namespace deployctl::readiness {

enum class PromqlType { scalar, vector, matrix, text };

struct PromqlFunction {
    std::string_view name;
    std::string_view takes;  ///< a letter an argument: s, v, m, t, as the types
    int least = 0;           ///< how many have to be there
    bool repeats = false;    ///< the last may come again and again
    PromqlType gives = PromqlType::vector;
};

/// Null where there is none of this name.
const PromqlFunction* promql_function(std::string_view name);
/// What an aggregation takes ("sv" of topk), in any case of its letters; empty where it is none.
std::string_view promql_aggregation(std::string_view name);

}  // namespace deployctl::readiness
