// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/audit_json.hpp"

#include "readiness/reports/summary.hpp"

namespace deployctl::readiness {

namespace {

Value number_value(const std::optional<Decimal>& number) {
    return number ? Value(to_text(*number)) : Value();
}

Value row_value(const AuditedRow& row) {
    Value::Array parts;
    for (const auto& part : row.parts) {
        parts.push_back(
            Value::map({{"title", part.title}, {"score", to_text(part.score)}, {"line", part.line}})
        );
    }
    return Value::map({
        {"category", row.category},
        {"line", row.line},
        {"score", number_value(row.score)},
        {"weight", number_value(row.weight)},
        {"weighted", number_value(row.product)},
        {"stars", row.stars},
        {"parts", std::move(parts)},
    });
}

Value finding_value(const AuditFinding& finding) {
    Value::Array lines(finding.lines.begin(), finding.lines.end());
    return Value::map({
        {"kind", contradiction_names.at(static_cast<std::size_t>(finding.kind))},
        {"text", finding.text},
        {"lines", std::move(lines)},
    });
}

Value gap_value(const CategoryGap& gap) {
    return Value::map({
        {"category", gap.title},
        {"claimed_as", gap.claimed_as},
        {"claimed", gap.claimed ? Value(points_text(*gap.claimed)) : Value()},
        {"measured", gap.measured ? Value(interval_text(*gap.measured)) : Value()},
        {"gap",
         gap.claimed && gap.measured
             ? Value(points_text(gap.measured->low.hundredths - *gap.claimed))
             : Value()},
    });
}

template <class Items, class ToValue>
Value::Array list_of(const Items& items, ToValue value_of) {
    Value::Array list;
    for (const auto& item : items) {
        list.push_back(value_of(item));
    }
    return list;
}

}  // namespace

Value to_value(const Audit& audit, const std::vector<CategoryGap>& gaps) {
    const auto total_value = [](const StatedTotal& total) {
        return Value::map({
            {"score", to_text(total.score)},
            {"line", total.line},
            {"agrees", total.agrees},
        });
    };
    return Value::map({
        {"table_line", audit.table_line},
        {"weighted", audit.is_weighted},
        {"weights", to_text(audit.weights)},
        {"total",
         Value::map({{"low", to_text(audit.total.low)}, {"high", to_text(audit.total.high)}})},
        {"mean_without_weights", to_text(audit.plain_mean)},
        {"total_with_means", audit.of_parts ? Value(to_text(audit.of_parts->with_means)) : Value()},
        {"total_with_least", audit.of_parts ? Value(to_text(audit.of_parts->with_least)) : Value()},
        {"rows", list_of(audit.rows, row_value)},
        {"stated", list_of(audit.totals, total_value)},
        {"contradictions", list_of(audit.findings, finding_value)},
        {"contradictions_left_out", audit.findings_left_out},
        {"ticked", audit.ticked.all},
        {"ticked_with_evidence", audit.ticked.with_evidence},
        {"gaps", list_of(gaps, gap_value)},
    });
}

}  // namespace deployctl::readiness
