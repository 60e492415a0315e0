// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit_table.hpp"

#include "documents/yaml_source.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

constexpr int longest_category = 120;
constexpr std::size_t no_column = static_cast<std::size_t>(-1);

struct Columns {
    std::size_t category = no_column;
    std::size_t score = no_column;
    std::size_t weight = no_column;
    std::size_t product = no_column;
};

template <std::size_t count>
bool has_any(
    const std::vector<std::string>& words, const std::array<std::string_view, count>& wanted
) {
    return std::ranges::any_of(words, [&](const std::string& word) {
        return std::ranges::find(wanted, word) != wanted.end();
    });
}

bool names_product(const std::vector<std::string>& words) {
    return has_any(words, std::array<std::string_view, 3>{"weighted", "contribution", "product"});
}

bool names_weight(const std::vector<std::string>& words) {
    return has_any(
        words, std::array<std::string_view, 4>{"weight", "weighting", "share", "weights"}
    );
}

bool names_score(const std::vector<std::string>& words) {
    return has_any(
        words,
        std::array<std::string_view, 6>{"score", "scores", "points", "rating", "grade", "mark"}
    );
}

bool names_category(const std::vector<std::string>& words) {
    return has_any(
        words,
        std::array<std::string_view, 9>{
            "category",
            "area",
            "domain",
            "section",
            "dimension",
            "criterion",
            "component",
            "topic",
            "name",
        }
    );
}

void take_column(std::size_t& column, std::size_t at) {
    column = column == no_column ? at : column;
}

/// The first column that is nothing else names the categories, where none says so.
Columns columns_of(const TableRow& header) {
    Columns columns;
    std::size_t first_other = no_column;
    for (std::size_t at = 0; at < header.cells.size(); ++at) {
        const auto words = words_of(header.cells[at].text);
        if (names_product(words)) {
            take_column(columns.product, at);
        } else if (names_weight(words)) {
            take_column(columns.weight, at);
        } else if (names_score(words)) {
            take_column(columns.score, at);
        } else if (names_category(words)) {
            take_column(columns.category, at);
        } else {
            take_column(first_other, at);
        }
    }
    take_column(columns.category, first_other);
    return columns;
}

const PlainText& cell_of(const TableRow& row, std::size_t column) {
    static const PlainText none;
    return column < row.cells.size() ? row.cells[column] : none;
}

bool is_sum(std::string_view category) {
    return has_any(
        words_of(category), std::array<std::string_view, 4>{"total", "overall", "sum", "weighted"}
    );
}

std::string without_blanks(std::string_view text) {
    std::string kept(text);
    std::erase(kept, ' ');
    return kept;
}

/// What a scale of so many points has to be multiplied by.
std::optional<std::int64_t> factor_of(std::string_view scale) {
    const auto most = whole_number(scale);
    const bool divides = most && *most > 0 && *most <= 100 && 100 % *most == 0;
    return divides ? std::optional(100 / *most) : std::nullopt;
}

bool has_readable(const ScoreTable& table) {
    return std::ranges::any_of(table.rows, [](const AuditedRow& row) {
        return row.score.has_value();
    });
}

void add_row(const TableRow& source, const Columns& columns, ScoreTable& table) {
    AuditedRow row;
    row.category = take_characters(cell_of(source, columns.category).text, longest_category);
    row.line = source.line;
    row.score = read_score(cell_of(source, columns.score).text);
    row.weight = read_weight(cell_of(source, columns.weight).text);
    row.product = read_decimal(without_blanks(cell_of(source, columns.product).text));
    for (const auto& cell : source.cells) {
        row.stars = std::max(row.stars, cell.stars);
    }
    row.stars_line = row.stars > 0 ? row.line : 0;
    if (!is_sum(row.category)) {
        const bool is_blank = row.category.empty() && !row.score && !row.weight;
        if (!is_blank) {
            table.rows.push_back(std::move(row));
        }
    } else if (const auto total = row.product ? row.product : row.score) {
        table.totals.push_back({*total, row.line});
    }
}

}  // namespace

/// Of an interval, "58.67 to 81.19", its low end: by that a score is judged.
std::optional<Decimal> read_score(std::string_view plain) {
    const auto text = without_blanks(plain.substr(0, plain.find(" to ")));
    const auto slash = text.find('/');
    const bool is_percent = slash == std::string::npos && text.ends_with('%');
    const auto number =
        read_decimal(std::string_view(text).substr(0, is_percent ? text.size() - 1 : slash));
    const auto factor = slash == std::string::npos
                            ? std::optional<std::int64_t>(1)
                            : factor_of(std::string_view(text).substr(slash + 1));
    if (!number || !factor || number->units * *factor > 100 * units_of_one) {
        return std::nullopt;
    }
    return Decimal{number->units * *factor, number->digits};
}

std::optional<Decimal> read_weight(std::string_view plain) {
    auto text = without_blanks(plain);
    if (text.ends_with('%')) {
        text.pop_back();
    }
    return read_decimal(text);
}

std::vector<ScoreTable> score_tables(const ReportDocument& document) {
    std::vector<ScoreTable> found;
    for (const auto& table : document.tables) {
        const auto columns = columns_of(table.header);
        if (columns.score == no_column || columns.category == no_column) {
            continue;
        }
        ScoreTable scores;
        scores.line = table.header.line;
        scores.is_weighted = columns.weight != no_column;
        scores.is_cut = table.is_cut;
        for (const auto& row : table.rows) {
            add_row(row, columns, scores);
        }
        if (has_readable(scores)) {
            found.push_back(std::move(scores));
        }
    }
    return found;
}

}  // namespace deployctl::readiness
