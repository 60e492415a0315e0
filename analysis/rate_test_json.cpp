// SPDX-License-Identifier: Apache-2.0
#include "analysis/rate_test.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::analysis {

namespace {

Value numbers(const std::vector<double>& values) {
    return Value::Array(values.begin(), values.end());
}

std::vector<double> read_numbers(const Value& value, std::string_view pointer) {
    std::vector<double> numbers;
    for (const auto& item : value.items(pointer)) {
        numbers.push_back(item.real("", std::nan("")));
    }
    return numbers;
}

Value to_value(const Counts& counts) {
    return Value::map({{"requests", counts.requests}, {"events", counts.events}});
}

Counts read_counts(const Value& value) {
    return {value.real("/requests", std::nan("")), value.real("/events", std::nan(""))};
}

Value to_value(const RatioCurve& curve) {
    return Value::map({
        {"ratios", numbers(curve.ratios)},
        {"costs", numbers(curve.costs)},
        {"hits", curve.hits},
        {"misses", curve.misses},
    });
}

RatioCurve read_curve(const Value& value) {
    return {
        read_numbers(value, "/ratios"),
        read_numbers(value, "/costs"),
        value.real("/hits", std::nan("")),
        value.real("/misses", std::nan(""))
    };
}

bool is_finite(double number) {
    return std::isfinite(number);
}

bool is_sound(const RatioCurve& curve) {
    return curve.ratios.size() > 1 && curve.ratios.size() == curve.costs.size() &&
           std::ranges::all_of(curve.ratios, [](double ratio) { return ratio > 0; }) &&
           std::ranges::all_of(curve.costs, is_finite) && curve.hits >= 0 && curve.misses >= 0;
}

bool is_sound(const RateTest& test) {
    return is_sound(test.worse) && is_sound(test.fine) && is_sound(test.range) &&
           is_sound(test.canary) && is_sound(test.baseline) && test.widening >= 1 &&
           is_finite(test.most_worse) && is_finite(test.most_fine);
}

}  // namespace

Value to_value(const RateTest& test) {
    return Value::map({
        {"worse", to_value(test.worse)},
        {"fine", to_value(test.fine)},
        {"range", to_value(test.range)},
        {"canary", to_value(test.canary)},
        {"baseline", to_value(test.baseline)},
        {"widening", test.widening},
        {"mostWorse", test.most_worse},
        {"mostFine", test.most_fine},
    });
}

std::optional<RateTest> read_rate_test(const Value& written) {
    RateTest test{
        read_curve(written.at("/worse")),
        read_curve(written.at("/fine")),
        read_curve(written.at("/range")),
        read_counts(written.at("/canary")),
        read_counts(written.at("/baseline")),
        written.real("/widening"),
        written.real("/mostWorse", std::nan("")),
        written.real("/mostFine", std::nan(""))
    };
    return is_sound(test) ? std::optional(std::move(test)) : std::nullopt;
}

}  // namespace deployctl::analysis
