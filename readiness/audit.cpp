// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit.hpp"

#include "readiness/audit_claims.hpp"
#include "readiness/audit_contradictions.hpp"
#include "readiness/audit_document.hpp"
#include "readiness/audit_sections.hpp"
#include "readiness/audit_table.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::readiness {

namespace {

constexpr std::size_t most_bytes = 4U << 20U;
constexpr std::size_t most_findings = 200;

/// The first one with weights, else the first.
std::size_t chosen(const std::vector<ScoreTable>& tables) {
    const auto weighted = std::ranges::find_if(tables, &ScoreTable::is_weighted);
    return weighted == tables.end() ? 0 : static_cast<std::size_t>(weighted - tables.begin());
}

Decimal weight_of(const AuditedRow& row, const Audit& audit) {
    const Decimal one{units_of_one, 0};
    return audit.is_weighted ? row.weight.value_or(Decimal{}) : one;
}

/// Of all rows, each with the score that `score_of` gives it.
template <class ScoreOf>
Fraction weighted_sum(const Audit& audit, ScoreOf score_of) {
    Fraction products;
    Fraction weights;
    for (const auto& row : audit.rows) {
        const Fraction weight(weight_of(row, audit));
        products += weight * score_of(row);
        weights += weight;
    }
    return weights.is_zero() ? Fraction() : products / weights;
}

Fraction mean_of(const std::vector<Decimal>& scores) {
    Fraction sum;
    for (const auto score : scores) {
        sum += Fraction(score);
    }
    const auto count = static_cast<std::int64_t>(scores.size());
    return scores.empty() ? sum : sum / Fraction(Decimal{count * units_of_one, 0});
}

std::vector<Decimal> scores_of_parts(const AuditedRow& row) {
    std::vector<Decimal> scores;
    for (const auto& part : row.parts) {
        scores.push_back(part.score);
    }
    return scores;
}

void add_sums(Audit& audit) {
    const auto score_or = [](std::int64_t missing) {
        return [missing](const AuditedRow& row) {
            return Fraction(row.score.value_or(Decimal{missing * units_of_one, 0}));
        };
    };
    audit.total = {weighted_sum(audit, score_or(0)), weighted_sum(audit, score_or(100))};
    std::vector<Decimal> scores;
    for (const auto& row : audit.rows) {
        if (row.score) {
            scores.push_back(*row.score);
        }
        audit.weights += Fraction(weight_of(row, audit));
    }
    audit.plain_mean = mean_of(scores);
}

/// What the total would be if the categories with several parts were made of them by one rule.
void add_sums_of_parts(Audit& audit) {
    const bool has_parts =
        std::ranges::any_of(audit.rows, [](const AuditedRow& row) { return row.parts.size() > 1; });
    if (!has_parts) {
        return;
    }
    const auto score_of = [](const AuditedRow& row) {
        return Fraction(row.score.value_or(Decimal{}));
    };
    PartSums sums;
    sums.with_means = weighted_sum(audit, [&](const AuditedRow& row) {
        return row.parts.size() > 1 ? mean_of(scores_of_parts(row)) : score_of(row);
    });
    sums.with_least = weighted_sum(audit, [&](const AuditedRow& row) {
        return row.parts.size() > 1 ? Fraction(std::ranges::min(scores_of_parts(row)))
                                    : score_of(row);
    });
    audit.of_parts = sums;
}

void judge_totals(Audit& audit) {
    std::ranges::stable_sort(audit.totals, {}, &StatedTotal::line);
    for (auto& stated : audit.totals) {
        const auto low = audit.total.low.rounded(stated.score.digits);
        const auto high = audit.total.high.rounded(stated.score.digits);
        stated.agrees = low <= stated.score && stated.score <= high;
    }
}

void keep_most(Audit& audit) {
    std::ranges::stable_sort(audit.findings, {}, [](const AuditFinding& finding) {
        return std::pair(finding.kind, finding.lines.empty() ? 0 : finding.lines.front());
    });
    if (audit.findings.size() > most_findings) {
        audit.findings_left_out = static_cast<int>(audit.findings.size() - most_findings);
        audit.findings.resize(most_findings);
    }
}

Audit refused(std::string trouble) {
    Audit audit;
    audit.trouble = std::move(trouble);
    return audit;
}

}  // namespace

Audit audit_report(std::string_view markdown) {
    if (markdown.size() > most_bytes) {
        return refused("it is larger than 4 MiB");
    }
    if (markdown.find('\0') != std::string_view::npos) {
        return refused("it is no text: it has zero bytes");
    }
    const auto document = read_report_document(markdown);
    auto tables = score_tables(document);
    if (tables.empty()) {
        return refused(
            "it has no table of scores: a table with a column for the category and one whose name "
            "says score, points, rating or grade"
        );
    }
    auto& table = tables[chosen(tables)];
    Audit audit;
    audit.table_line = table.line;
    audit.is_weighted = table.is_weighted;
    audit.rows = table.rows;
    add_sections(document, audit.rows);
    add_sums(audit);
    add_sums_of_parts(audit);
    audit.totals = stated_totals(document, audit.rows);
    audit.totals.insert(audit.totals.end(), table.totals.begin(), table.totals.end());
    judge_totals(audit);
    const auto claims = find_claims(document);
    audit.ticked = claims.ticked;
    add_contradictions(audit, tables, claims);
    keep_most(audit);
    return audit;
}

}  // namespace deployctl::readiness
