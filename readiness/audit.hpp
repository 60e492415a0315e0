// SPDX-License-Identifier: Apache-2.0
// A report that somebody else has written, held against its own figures: the weighted sum of its
// table of scores, exactly, and where the report contradicts it or itself, each with lines. Text
// from strangers; bounded, never throws. Pure; any thread.
#pragma once

#include "readiness/audit_numbers.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// A score that a section of the report gives to a part of a category.
struct StatedPart {
    std::string title;
    Decimal score;
    int line = 0;
};

struct AuditedRow {
    std::string category;
    int line = 0;
    std::optional<Decimal> score;    ///< of 100; nothing: the cell says none
    std::optional<Decimal> weight;   ///< nothing where the table has none
    std::optional<Decimal> product;  ///< its weighted score, as it is written
    int stars = 0;                   ///< of its section's heading, else of the row
    int stars_line = 0;
    std::vector<StatedPart> parts;
};

/// A score of the whole, as the report says it somewhere.
struct StatedTotal {
    Decimal score;
    int line = 0;
    bool agrees = false;  ///< with the table, to as many digits as it has
};

enum class Contradiction {
    total,         ///< a total that is not the table's
    dropped_part,  ///< the table takes one part's score and leaves another out
    section,       ///< the table has another score than its section
    product,       ///< a weighted score that is not weight times score
    weights,       ///< do not add up to 100
    missing,       ///< a row without a score, or without a weight
    stars,         ///< do not follow the scores
    tables,        ///< there is more than one table of scores
    claim,         ///< something is said of the world, and no source is named
};

inline constexpr std::array<std::string_view, 9> contradiction_names = {
    "total", "dropped-part", "section", "product", "weights", "missing", "stars", "tables", "claim"
};

struct AuditFinding {
    Contradiction kind{};
    std::string text;
    std::vector<int> lines;
};

/// What all rows come to. Where scores are missing they count 0 in `low` and 100 in `high`.
struct AuditSum {
    Fraction low;
    Fraction high;
};

/// The total where the categories that have several parts are the mean of them, or the worst.
struct PartSums {
    Fraction with_means;
    Fraction with_least;
};

/// Items of lists with a tick.
struct TickedPoints {
    int all = 0;
    int with_evidence = 0;  ///< that name a file and line, or a source
};

struct Audit {
    std::string trouble;  ///< why nothing could be audited; with it all else is empty
    int table_line = 0;
    bool is_weighted = false;
    std::vector<AuditedRow> rows;
    Fraction weights;  ///< their sum, as they are written
    AuditSum total;
    Fraction plain_mean;               ///< of the scores, without weights
    std::optional<PartSums> of_parts;  ///< nothing where no category has several
    std::vector<StatedTotal> totals;
    std::vector<AuditFinding> findings;  ///< by kind, then by line
    int findings_left_out = 0;
    TickedPoints ticked;
};

Audit audit_report(std::string_view markdown);

}  // namespace deployctl::readiness
