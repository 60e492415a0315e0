// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit_sections.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

namespace deployctl::readiness {

namespace {

constexpr std::size_t most_parts = 16;    // of one row
constexpr std::size_t most_totals = 100;  // of one report

using Words = std::vector<std::string>;
using RowNumber = std::optional<std::size_t>;

/// The headings that a line stands under, one a level, by their numbers.
class Outline {
public:
    explicit Outline(const std::vector<ReportHeading>& headings) : headings_(headings) {}

    /// Lines have to come in order.
    void go_to(int line) {
        while (next_ < headings_.size() && headings_[next_].line <= line) {
            std::erase_if(above_, [&](std::size_t one) {
                return headings_[one].level >= headings_[next_].level;
            });
            above_.push_back(next_++);
        }
    }

    const std::vector<std::size_t>& above() const { return above_; }

private:
    const std::vector<ReportHeading>& headings_;
    std::size_t next_ = 0;
    std::vector<std::size_t> above_;
};

/// The row that a heading is about: all of its words are in the heading; of several the row with
/// the most.
RowNumber row_about(const ReportHeading& heading, const std::vector<Words>& names) {
    const auto list = words_of(heading.title.text);
    const std::set<std::string> words(list.begin(), list.end());
    RowNumber best;
    for (std::size_t at = 0; at < names.size(); ++at) {
        const bool has_all =
            !names[at].empty() &&
            std::ranges::all_of(names[at], [&](const auto& word) { return words.contains(word); });
        if (has_all && (!best || names[at].size() > names[*best].size())) {
            best = at;
        }
    }
    return best;
}

class Sections {
public:
    Sections(const ReportDocument& document, const std::vector<AuditedRow>& rows) {
        std::vector<Words> names;
        for (const auto& row : rows) {
            names.push_back(words_of(row.category));
        }
        for (const auto& heading : document.headings) {
            rows_.push_back(row_about(heading, names));
        }
    }

    RowNumber row_of(std::size_t heading) const { return rows_[heading]; }

    RowNumber row_above(const Outline& outline) const {
        for (const auto heading : outline.above()) {
            if (const auto row = rows_[heading]) {
                return row;
            }
        }
        return std::nullopt;
    }

private:
    std::vector<RowNumber> rows_;  ///< of each heading
};

/// Blanks may stand between it and what follows.
std::optional<Decimal> number_before(std::string_view text, std::size_t end) {
    const auto stop = text.find_last_not_of(' ', end == 0 ? 0 : end - 1);
    if (end == 0 || stop == std::string_view::npos) {
        return std::nullopt;
    }
    const auto before = text.find_last_not_of("0123456789.,", stop);
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    return begin > stop ? std::nullopt : read_score(text.substr(begin, stop + 1 - begin));
}

/// "91/100", wherever it stands; the first of a line.
std::optional<Decimal> score_of_hundred(std::string_view text) {
    constexpr std::string_view scale = "/100";
    for (auto at = text.find('/'); at != std::string_view::npos; at = text.find('/', at + 1)) {
        auto rest = std::string(text.substr(at, 12));
        std::erase(rest, ' ');
        const bool is_scale =
            rest.starts_with(scale) &&
            (rest.size() == scale.size() ||
             std::string_view("0123456789").find(rest[4]) == std::string_view::npos);
        if (is_scale) {
            return number_before(text, at);
        }
    }
    return std::nullopt;
}

/// Without the scale, which the label makes up for.
std::optional<Decimal> score_after_label(std::string_view text) {
    const auto words = words_of(text);
    if (words.empty() || !words[0].starts_with("score")) {
        return std::nullopt;
    }
    const auto colon = text.find_first_of(":=");
    return colon == std::string_view::npos ? std::nullopt : read_score(text.substr(colon + 1));
}

std::optional<Decimal> labelled_score(std::string_view text) {
    const auto words = words_of(text);
    const bool is_labelled = !words.empty() && words[0].starts_with("score");
    const auto score = is_labelled ? score_of_hundred(text) : std::nullopt;
    return score ? score : score_after_label(text);
}

bool is_about_the_whole(std::string_view text) {
    constexpr std::array<std::string_view, 6> signs = {
        "score", "total", "overall", "rating", "maturity", "readiness"
    };
    const auto words = words_of(text);
    return std::ranges::any_of(words, [&](const std::string& word) {
        return std::ranges::find(signs, word) != signs.end();
    });
}

void take_stars(
    const ReportDocument& document, const Sections& sections, std::vector<AuditedRow>& rows
) {
    for (std::size_t at = 0; at < document.headings.size(); ++at) {
        const auto& heading = document.headings[at];
        const auto row = sections.row_of(at);
        if (row && heading.title.stars > 0 && rows[*row].stars == 0) {
            rows[*row].stars = heading.title.stars;
            rows[*row].stars_line = heading.line;
        }
    }
}

void add_total(std::vector<StatedTotal>& totals, std::string_view text, int line) {
    const auto score = is_about_the_whole(text) ? score_of_hundred(text) : std::nullopt;
    if (score && totals.size() < most_totals) {
        totals.push_back({*score, line});
    }
}

}  // namespace

void add_sections(const ReportDocument& document, std::vector<AuditedRow>& rows) {
    const Sections sections(document, rows);
    take_stars(document, sections, rows);
    Outline outline(document.headings);
    for (const auto& line : document.lines) {
        outline.go_to(line.number);
        const auto score = labelled_score(line.text);
        const auto row = score ? sections.row_above(outline) : std::nullopt;
        if (row && rows[*row].parts.size() < most_parts) {
            const auto& heading = document.headings[outline.above().back()];
            rows[*row].parts.push_back({heading.title.text, *score, line.number});
        }
    }
}

std::vector<StatedTotal> stated_totals(
    const ReportDocument& document, const std::vector<AuditedRow>& rows
) {
    const Sections sections(document, rows);
    std::vector<StatedTotal> totals;
    for (std::size_t at = 0; at < document.headings.size(); ++at) {
        if (!sections.row_of(at)) {
            add_total(totals, document.headings[at].title.text, document.headings[at].line);
        }
    }
    Outline outline(document.headings);
    for (const auto& line : document.lines) {
        outline.go_to(line.number);
        if (!sections.row_above(outline)) {
            add_total(totals, line.text, line.number);
        }
    }
    std::ranges::stable_sort(totals, {}, &StatedTotal::line);
    return totals;
}

}  // namespace deployctl::readiness
