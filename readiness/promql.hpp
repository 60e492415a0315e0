// SPDX-License-Identifier: Apache-2.0
// What an expression of PromQL says: whether it can be read at all, which series it asks for, over
// which ranges, and whether anything in it filters. Types are held (a rate of an instant is no
// expression), nothing is evaluated. Pure; any thread; nesting is bounded.
#pragma once

#include "readiness/promql_functions.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

struct PromqlMatcher {
    std::string label;
    std::string sign;  ///< "=", "!=", "=~", "!~"
    std::string value;
};

struct PromqlSelector {
    std::string metric;  ///< empty: matchers only
    std::vector<PromqlMatcher> matchers;
    double range = 0;    ///< in seconds; 0: an instant
    std::string inside;  ///< the function whose argument it is itself, "rate"; else empty
};

/// `count(up) == 0`: what is compared with a number.
struct PromqlComparison {
    std::string left;  ///< its outermost function or aggregation; empty for a selector
    std::string sign;
    double right = 0;
};

struct PromqlError {
    std::size_t offset = 0;  ///< in bytes
    std::string what;
};

struct Promql {
    std::optional<PromqlError> error;
    PromqlType type = PromqlType::vector;
    std::vector<PromqlSelector> selectors;
    std::vector<PromqlComparison> comparisons;  ///< without those that are `bool`
    std::vector<std::string> functions;         ///< and aggregations, as they are met
    bool filters = false;  ///< a comparison, `unless`, `and`, or an absence: it may give nothing
};

Promql read_promql(std::string_view expression);

}  // namespace deployctl::readiness
