// SPDX-License-Identifier: Apache-2.0
#include "readiness/scalar.hpp"

#include "model/kubernetes/quantity.hpp"

#include <charconv>
#include <string_view>

namespace deployctl::readiness {

namespace {

std::optional<double> read_number(const documents::Node& node) {
    if (node.kind != documents::NodeKind::plain) {
        return std::nullopt;
    }
    auto text = node.text;
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<bool> read_bool(const documents::Node& node) {
    return node.kind == documents::NodeKind::plain ? documents::read_flag(node.text) : std::nullopt;
}

bool same_scalar(const documents::Node& one, const documents::Node& other) {
    if (!one.is_scalar() || !other.is_scalar()) {
        return false;
    }
    const auto one_flag = read_bool(one);
    const auto other_flag = read_bool(other);
    if (one_flag || other_flag) {
        return one_flag == other_flag;
    }
    const auto one_number = read_number(one);
    const auto other_number = read_number(other);
    if (one_number || other_number) {
        return one_number == other_number;
    }
    return one.text == other.text;
}

std::optional<double> read_amount(const documents::Node& node) {
    if (const auto number = read_number(node)) {
        return number;
    }
    return node.is_scalar() ? read_quantity(Value(node.text)) : std::nullopt;
}

}  // namespace deployctl::readiness
