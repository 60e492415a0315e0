// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit_contradictions.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <map>

namespace deployctl::readiness {

namespace {

std::string on_line(int line) {
    return " (line " + std::to_string(line) + ")";
}

std::string total_text(const AuditSum& total) {
    const auto low = to_text(total.low);
    const auto high = to_text(total.high);
    return low == high ? low : low + " to " + high;
}

void find_wrong_totals(Audit& audit) {
    for (const auto& stated : audit.totals) {
        if (!stated.agrees) {
            audit.findings.push_back(
                {Contradiction::total,
                 "the report says " + to_text(stated.score) + on_line(stated.line) +
                     ", its table comes to " + total_text(audit.total) + on_line(audit.table_line),
                 {stated.line, audit.table_line}}
            );
        }
    }
}

std::string parts_text(const AuditedRow& row) {
    std::vector<std::string> parts;
    for (const auto& part : row.parts) {
        parts.push_back(part.title + " " + to_text(part.score) + on_line(part.line));
    }
    return join(parts, ", ");
}

AuditFinding dropped_part(const Audit& audit, const AuditedRow& row) {
    AuditFinding finding{Contradiction::dropped_part, "", {row.line}};
    finding.text = row.category + " is " + to_text(*row.score) + " in the table" +
                   on_line(row.line) + ", its parts are " + parts_text(row) +
                   ": what is below it is left out; the total is " +
                   to_text(audit.of_parts->with_means) + " with the mean of the parts and " +
                   to_text(audit.of_parts->with_least) + " with the least";
    for (const auto& part : row.parts) {
        finding.lines.push_back(part.line);
    }
    return finding;
}

/// A score that is neither the mean nor the least of its parts, and above the least.
bool leaves_out_a_part(const AuditedRow& row) {
    Fraction sum;
    auto least = row.parts.front().score;
    for (const auto& part : row.parts) {
        sum += Fraction(part.score);
        least = std::min(least, part.score);
    }
    const auto count = static_cast<std::int64_t>(row.parts.size());
    const auto mean = sum / Fraction(Decimal{count * units_of_one, 0});
    return *row.score > least && !(mean.rounded(row.score->digits) == *row.score);
}

void find_differing_sections(Audit& audit) {
    for (const auto& row : audit.rows) {
        if (!row.score || row.parts.empty()) {
            continue;
        }
        if (row.parts.size() > 1 && leaves_out_a_part(row)) {
            audit.findings.push_back(dropped_part(audit, row));
        } else if (row.parts.size() == 1 && !(row.parts[0].score == *row.score)) {
            audit.findings.push_back(
                {Contradiction::section,
                 row.category + " is " + to_text(*row.score) + " in the table" + on_line(row.line) +
                     " and " + to_text(row.parts[0].score) + " in its section" +
                     on_line(row.parts[0].line),
                 {row.line, row.parts[0].line}}
            );
        }
    }
}

/// Weights are percents, or shares of 1.
Fraction scale_of(const Audit& audit) {
    const Decimal most_of_shares{2 * units_of_one, 0};
    const bool are_shares = audit.weights.rounded(4) < most_of_shares;
    return Fraction(Decimal{(are_shares ? 1 : 100) * units_of_one, 0});
}

void find_wrong_products(Audit& audit) {
    for (const auto& row : audit.rows) {
        if (!row.product || !row.weight || !row.score) {
            continue;
        }
        const auto exact = Fraction(*row.weight) * Fraction(*row.score) / scale_of(audit);
        if (!(exact.rounded(row.product->digits) == *row.product)) {
            audit.findings.push_back(
                {Contradiction::product,
                 row.category + on_line(row.line) + ": " + to_text(*row.weight) + " of " +
                     to_text(*row.score) + " is " + to_text(exact) + ", the table says " +
                     to_text(*row.product),
                 {row.line}}
            );
        }
    }
}

void find_wrong_weights(Audit& audit) {
    const auto sum = audit.weights.rounded(4);
    const bool is_whole = sum == Decimal{100 * units_of_one, 0} || sum == Decimal{units_of_one, 0};
    if (audit.is_weighted && !is_whole) {
        audit.findings.push_back(
            {Contradiction::weights,
             "the weights add up to " + to_text(sum) + ", not to 100" + on_line(audit.table_line) +
                 "; the total is by their shares of that",
             {audit.table_line}}
        );
    }
}

void find_missing(Audit& audit, const ScoreTable& table) {
    for (const auto& row : audit.rows) {
        if (!row.score || (audit.is_weighted && !row.weight)) {
            const std::string what = row.score ? "weight" : "score from 0 to 100";
            const std::string then = row.score ? "it counts nothing" : "it counts 0 to 100";
            audit.findings.push_back(
                {Contradiction::missing,
                 row.category + on_line(row.line) + " has no " + what + ": " + then,
                 {row.line}}
            );
        }
    }
    if (table.is_cut) {
        audit.findings.push_back(
            {Contradiction::missing,
             "the table" + on_line(table.line) +
                 " has more rows than are read: the rest is left out",
             {table.line}}
        );
    }
}

struct StarredRows {
    std::vector<const AuditedRow*> rows;  ///< the least score first
};

StarredRows starred(const Audit& audit) {
    StarredRows found;
    for (const auto& row : audit.rows) {
        if (row.stars > 0 && row.score) {
            found.rows.push_back(&row);
        }
    }
    std::ranges::stable_sort(found.rows, {}, [](const AuditedRow* row) { return *row->score; });
    return found;
}

std::string stars_text(int count) {
    return count_of(count, "star");
}

/// The first pair where more stars are given for less.
void find_turned_stars(Audit& audit, const StarredRows& starred) {
    for (std::size_t at = 1; at < starred.rows.size(); ++at) {
        const auto& less = *starred.rows[at - 1];
        const auto& more = *starred.rows[at];
        if (less.stars > more.stars && *less.score < *more.score) {
            audit.findings.push_back(
                {Contradiction::stars,
                 less.category + " has " + stars_text(less.stars) + " for " + to_text(*less.score) +
                     on_line(less.stars_line) + ", " + more.category + " " +
                     stars_text(more.stars) + " for " + to_text(*more.score) +
                     on_line(more.stars_line),
                 {less.stars_line, more.stars_line}}
            );
            return;
        }
    }
}

/// The same for all, although the scores are far from each other.
void find_idle_stars(Audit& audit, const StarredRows& starred) {
    constexpr std::int64_t near = 5 * units_of_one;
    if (starred.rows.size() < 2) {
        return;
    }
    const auto& least = *starred.rows.front();
    const auto& most = *starred.rows.back();
    const bool are_same = std::ranges::all_of(starred.rows, [&](const AuditedRow* row) {
        return row->stars == least.stars;
    });
    if (are_same && most.score->units - least.score->units >= near) {
        audit.findings.push_back(
            {Contradiction::stars,
             stars_text(least.stars) + " for all of " + std::to_string(starred.rows.size()) +
                 " categories, from " + to_text(*least.score) + on_line(least.stars_line) + " to " +
                 to_text(*most.score) + on_line(most.stars_line) +
                 ": the stars do not follow the scores",
             {least.stars_line, most.stars_line}}
        );
    }
}

/// Of the same category, in another table.
void find_differing_rows(Audit& audit, const ScoreTable& other) {
    std::map<std::string, const AuditedRow*> mine;
    for (const auto& row : audit.rows) {
        mine.emplace(join(words_of(row.category), " "), &row);
    }
    for (const auto& row : other.rows) {
        const auto found = mine.find(join(words_of(row.category), " "));
        const bool differs = found != mine.end() && row.score && found->second->score &&
                             !(*row.score == *found->second->score);
        if (differs) {
            audit.findings.push_back(
                {Contradiction::tables,
                 row.category + " is " + to_text(*found->second->score) +
                     on_line(found->second->line) + " and " + to_text(*row.score) +
                     on_line(row.line),
                 {found->second->line, row.line}}
            );
        }
    }
}

void find_other_tables(Audit& audit, const std::vector<ScoreTable>& tables) {
    for (const auto& other : tables) {
        if (other.line != audit.table_line) {
            audit.findings.push_back(
                {Contradiction::tables,
                 "there is another table of scores" + on_line(other.line) + "; the one" +
                     on_line(audit.table_line) + " is taken",
                 {other.line, audit.table_line}}
            );
            find_differing_rows(audit, other);
        }
    }
}

void find_bare_claims(Audit& audit, const Claims& claims) {
    for (const auto& claim : claims.bare) {
        audit.findings.push_back(
            {Contradiction::claim,
             "\"" + claim.words + "\"" + on_line(claim.line) + " names neither file nor source",
             {claim.line}}
        );
    }
}

}  // namespace

void add_contradictions(Audit& audit, const std::vector<ScoreTable>& tables, const Claims& claims) {
    find_wrong_totals(audit);
    find_differing_sections(audit);
    find_wrong_products(audit);
    find_wrong_weights(audit);
    const auto taken = std::ranges::find(tables, audit.table_line, &ScoreTable::line);
    find_missing(audit, *taken);
    const auto rows = starred(audit);
    find_turned_stars(audit, rows);
    find_idle_stars(audit, rows);
    find_other_tables(audit, tables);
    find_bare_claims(audit, claims);
}

}  // namespace deployctl::readiness
