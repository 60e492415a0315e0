// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/delta_json.hpp"

#include "readiness/reports/summary.hpp"

namespace deployctl::readiness {

namespace {

Value row_value(const DeltaRow& row) {
    return Value::map({
        {"change", change_names.at(static_cast<std::size_t>(row.change))},
        {"rule", row.rule},
        {"title", row.title},
        {"object", row.object},
        {"where", row.where},
        {"before", row.before},
        {"now", row.now},
        {"new_blocker", row.blocks},
        {"fingerprint", fingerprint(row.rule, row.object)},
    });
}

Value movement_value(const std::optional<Movement>& movement) {
    return movement ? Value::map({
                          {"before", points_text(movement->before)},
                          {"now", points_text(movement->now)},
                          {"by_rules", points_text(movement->by_rules)},
                          {"by_coverage", points_text(movement->by_coverage)},
                          {"by_repository", points_text(movement->by_repository)},
                          {"by_waivers", points_text(0)},
                      })
                    : Value();
}

}  // namespace

Value to_value(const Delta& delta) {
    Value::Array items;
    for (const auto& row : delta.rows) {
        items.push_back(row_value(row));
    }
    return Value::map({
        {"low_end", movement_value(delta.movement)},
        {"new_blockers", new_blockers(delta)},
        {"rules_differ", delta.rules_differ},
        {"weights_differ", delta.weights_differ},
        {"items", std::move(items)},
    });
}

}  // namespace deployctl::readiness
