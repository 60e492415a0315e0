// SPDX-License-Identifier: Apache-2.0
#include "readiness/selectors.hpp"

#include <algorithm>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool is_one_of(const Node& values, std::string_view text) {
    return std::any_of(values.items.begin(), values.items.end(), [&](const Node& value) {
        return value.is_scalar() && value.text == text;
    });
}

bool holds(const Node& expression, const Node& labels) {
    const auto* const entry = labels.find(expression.text_at("key"));
    const auto wanted = expression.text_at("operator");
    const auto& values = expression.at("values");
    if (wanted == "Exists") {
        return entry != nullptr;
    }
    if (wanted == "DoesNotExist") {
        return entry == nullptr;
    }
    if (wanted == "In") {
        return entry != nullptr && is_one_of(values, entry->value.text);
    }
    return wanted == "NotIn" && (entry == nullptr || !is_one_of(values, entry->value.text));
}

}  // namespace

bool selects_by_labels(const Node& wanted, const Node& labels) {
    return std::all_of(wanted.entries.begin(), wanted.entries.end(), [&](const auto& label) {
        const auto* const entry = labels.find(label.key);
        return entry != nullptr && entry->value.text == label.value.text;
    });
}

bool selects(const Node& selector, const Node& labels) {
    const auto& expressions = selector.at("matchExpressions").items;
    return selects_by_labels(selector.at("matchLabels"), labels) &&
           std::all_of(expressions.begin(), expressions.end(), [&](const Node& expression) {
               return holds(expression, labels);
           });
}

bool is_empty_selector(const Node& selector) {
    return selector.at("matchLabels").entries.empty() &&
           selector.at("matchExpressions").items.empty();
}

}  // namespace deployctl::readiness
