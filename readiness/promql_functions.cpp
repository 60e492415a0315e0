// SPDX-License-Identifier: Apache-2.0
#include "readiness/promql_functions.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

/// Sorted by name.
constexpr std::array<PromqlFunction, 83> functions = {
    {{"abs", "v", 1, false, PromqlType::vector},
     {"absent", "v", 1, false, PromqlType::vector},
     {"absent_over_time", "m", 1, false, PromqlType::vector},
     {"acos", "v", 1, false, PromqlType::vector},
     {"acosh", "v", 1, false, PromqlType::vector},
     {"asin", "v", 1, false, PromqlType::vector},
     {"asinh", "v", 1, false, PromqlType::vector},
     {"atan", "v", 1, false, PromqlType::vector},
     {"atanh", "v", 1, false, PromqlType::vector},
     {"avg_over_time", "m", 1, false, PromqlType::vector},
     {"ceil", "v", 1, false, PromqlType::vector},
     {"changes", "m", 1, false, PromqlType::vector},
     {"clamp", "vss", 3, false, PromqlType::vector},
     {"clamp_max", "vs", 2, false, PromqlType::vector},
     {"clamp_min", "vs", 2, false, PromqlType::vector},
     {"cos", "v", 1, false, PromqlType::vector},
     {"cosh", "v", 1, false, PromqlType::vector},
     {"count_over_time", "m", 1, false, PromqlType::vector},
     {"day_of_month", "v", 0, false, PromqlType::vector},
     {"day_of_week", "v", 0, false, PromqlType::vector},
     {"day_of_year", "v", 0, false, PromqlType::vector},
     {"days_in_month", "v", 0, false, PromqlType::vector},
     {"deg", "v", 1, false, PromqlType::vector},
     {"delta", "m", 1, false, PromqlType::vector},
     {"deriv", "m", 1, false, PromqlType::vector},
     {"double_exponential_smoothing", "mss", 3, false, PromqlType::vector},
     {"exp", "v", 1, false, PromqlType::vector},
     {"first_over_time", "m", 1, false, PromqlType::vector},
     {"floor", "v", 1, false, PromqlType::vector},
     {"histogram_avg", "v", 1, false, PromqlType::vector},
     {"histogram_count", "v", 1, false, PromqlType::vector},
     {"histogram_fraction", "ssv", 3, false, PromqlType::vector},
     {"histogram_quantile", "sv", 2, false, PromqlType::vector},
     {"histogram_stddev", "v", 1, false, PromqlType::vector},
     {"histogram_stdvar", "v", 1, false, PromqlType::vector},
     {"histogram_sum", "v", 1, false, PromqlType::vector},
     {"holt_winters", "mss", 3, false, PromqlType::vector},
     {"hour", "v", 0, false, PromqlType::vector},
     {"idelta", "m", 1, false, PromqlType::vector},
     {"increase", "m", 1, false, PromqlType::vector},
     {"info", "vv", 1, false, PromqlType::vector},
     {"irate", "m", 1, false, PromqlType::vector},
     {"label_join", "vttt", 3, true, PromqlType::vector},
     {"label_replace", "vtttt", 5, false, PromqlType::vector},
     {"last_over_time", "m", 1, false, PromqlType::vector},
     {"ln", "v", 1, false, PromqlType::vector},
     {"log10", "v", 1, false, PromqlType::vector},
     {"log2", "v", 1, false, PromqlType::vector},
     {"mad_over_time", "m", 1, false, PromqlType::vector},
     {"max_over_time", "m", 1, false, PromqlType::vector},
     {"min_over_time", "m", 1, false, PromqlType::vector},
     {"minute", "v", 0, false, PromqlType::vector},
     {"month", "v", 0, false, PromqlType::vector},
     {"pi", "", 0, false, PromqlType::scalar},
     {"predict_linear", "ms", 2, false, PromqlType::vector},
     {"present_over_time", "m", 1, false, PromqlType::vector},
     {"quantile_over_time", "sm", 2, false, PromqlType::vector},
     {"rad", "v", 1, false, PromqlType::vector},
     {"rate", "m", 1, false, PromqlType::vector},
     {"resets", "m", 1, false, PromqlType::vector},
     {"round", "vs", 1, false, PromqlType::vector},
     {"scalar", "v", 1, false, PromqlType::scalar},
     {"sgn", "v", 1, false, PromqlType::vector},
     {"sin", "v", 1, false, PromqlType::vector},
     {"sinh", "v", 1, false, PromqlType::vector},
     {"sort", "v", 1, false, PromqlType::vector},
     {"sort_by_label", "vt", 2, true, PromqlType::vector},
     {"sort_by_label_desc", "vt", 2, true, PromqlType::vector},
     {"sort_desc", "v", 1, false, PromqlType::vector},
     {"sqrt", "v", 1, false, PromqlType::vector},
     {"stddev_over_time", "m", 1, false, PromqlType::vector},
     {"stdvar_over_time", "m", 1, false, PromqlType::vector},
     {"sum_over_time", "m", 1, false, PromqlType::vector},
     {"tan", "v", 1, false, PromqlType::vector},
     {"tanh", "v", 1, false, PromqlType::vector},
     {"time", "", 0, false, PromqlType::scalar},
     {"timestamp", "v", 1, false, PromqlType::vector},
     {"ts_of_first_over_time", "m", 1, false, PromqlType::vector},
     {"ts_of_last_over_time", "m", 1, false, PromqlType::vector},
     {"ts_of_max_over_time", "m", 1, false, PromqlType::vector},
     {"ts_of_min_over_time", "m", 1, false, PromqlType::vector},
     {"vector", "s", 1, false, PromqlType::vector},
     {"year", "v", 0, false, PromqlType::vector}}
};

struct Aggregation {
    std::string_view name;
    std::string_view takes;
};

constexpr std::array<Aggregation, 14> aggregations = {
    {{"sum", "v"},
     {"avg", "v"},
     {"min", "v"},
     {"max", "v"},
     {"count", "v"},
     {"group", "v"},
     {"stddev", "v"},
     {"stdvar", "v"},
     {"topk", "sv"},
     {"bottomk", "sv"},
     {"quantile", "sv"},
     {"limitk", "sv"},
     {"limit_ratio", "sv"},
     {"count_values", "tv"}}
};

bool equal_in_any_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

}  // namespace

const PromqlFunction* promql_function(std::string_view name) {
    const auto found = std::ranges::lower_bound(functions, name, {}, &PromqlFunction::name);
    return found != functions.end() && found->name == name ? &*found : nullptr;
}

std::string_view promql_aggregation(std::string_view name) {
    for (const auto& [known, takes] : aggregations) {
        if (equal_in_any_case(name, known)) {
            return takes;
        }
    }
    return {};
}

}  // namespace deployctl::readiness
