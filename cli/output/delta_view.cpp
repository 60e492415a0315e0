// SPDX-License-Identifier: Apache-2.0
#include "cli/output/delta_view.hpp"

#include "model/text.hpp"
#include "readiness/reports/summary.hpp"

namespace deployctl::cli {

namespace {

using readiness::Audit;
using readiness::CategoryGap;
using readiness::Change;
using readiness::change_names;
using readiness::contradiction_names;
using readiness::Delta;
using readiness::DeltaRow;
using readiness::points_text;

std::string signed_points(std::int64_t hundredths) {
    return (hundredths > 0 ? "+" : "") + points_text(hundredths);
}

Sign sign_of(Change change) {
    switch (change) {
        case Change::appeared:
        case Change::waiver_expired: return Sign::failed;
        case Change::no_longer_assessed:
        case Change::removed: return Sign::unknown;
        case Change::fixed: return Sign::done;
        default: return Sign::waiting;
    }
}

std::string movement_line(const Delta& delta, const Style& style) {
    if (!delta.movement) {
        return "one of both has no score (n/a): the movement is not known\n";
    }
    const auto& moved = *delta.movement;
    auto text = "low end " + points_text(moved.before) + " " + arrow(style) + " " +
                paint(style, Tone::strong, points_text(moved.now)) + " (" +
                signed_points(moved.now - moved.before) + "): repository " +
                signed_points(moved.by_repository) + ", rules " + signed_points(moved.by_rules) +
                ", coverage " + signed_points(moved.by_coverage) + ", waivers 0.00\n";
    text += delta.rules_differ ? "  ! the rules are other ones\n" : "";
    return text + (delta.weights_differ ? "  ! the weights are other ones\n" : "");
}

std::string row_line(const DeltaRow& row, const Style& style) {
    auto line = "  " + sign(style, sign_of(row.change)) + " " +
                pad(std::string(change_names.at(static_cast<std::size_t>(row.change))), 18) + " " +
                pad(printable(row.rule), 9) + " ";
    line += row.blocks ? paint(style, Tone::bad, "blocks") + " " : "";
    line += printable(row.title) + "  " + printable(row.object);
    line += row.where.empty() ? "" : "  " + paint(style, Tone::dim, printable(row.where));
    const bool has_moved = row.before != row.now && !row.before.empty() && !row.now.empty();
    return line +
           (has_moved ? "  " + printable(row.before) + " " + arrow(style) + " " + printable(row.now)
                      : "") +
           "\n";
}

std::string table_of(const Audit& audit, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : audit.rows) {
        rows.push_back({
            "  " + printable(row.category),
            row.weight ? to_text(*row.weight) : "",
            row.score ? to_text(*row.score) : "?",
            row.stars > 0 ? deployctl::count_of(row.stars, "star") : "",
            "line " + std::to_string(row.line),
        });
    }
    return table(style, rows, Folding::none);
}

std::string sum_lines(const Audit& audit) {
    const auto low = to_text(audit.total.low);
    const auto high = to_text(audit.total.high);
    std::string text =
        "  total       " + low + (low == high ? "" : " to " + high) +
        (audit.is_weighted ? ", by its weights\n" : ", the mean: it has no weights\n");
    text += "  mean        " + to_text(audit.plain_mean) + ", without weights\n";
    if (audit.of_parts) {
        text += "  with parts  " + to_text(audit.of_parts->with_means) + " with their mean, " +
                to_text(audit.of_parts->with_least) + " with the least of them\n";
    }
    for (const auto& total : audit.totals) {
        text += "  stated      " + to_text(total.score) + " on line " + std::to_string(total.line) +
                (total.agrees ? "\n" : ", not what the table says\n");
    }
    return text;
}

std::string gap_lines(const std::vector<CategoryGap>& gaps, const Style& style) {
    if (gaps.empty()) {
        return "";
    }
    std::vector<std::vector<std::string>> rows{{"  CATEGORY", "CLAIMED", "MEASURED", "GAP"}};
    for (const auto& gap : gaps) {
        const bool has_both = gap.claimed && gap.measured;
        rows.push_back({
            "  " + printable(gap.title.empty() ? gap.claimed_as : gap.title),
            gap.claimed ? points_text(*gap.claimed) : "-",
            gap.measured ? interval_text(*gap.measured) : "n/a",
            has_both ? signed_points(gap.measured->low.hundredths - *gap.claimed) : "-",
        });
    }
    return "\n" + table(style, rows, Folding::none);
}

}  // namespace

std::string draw(const Delta& delta, const Style& style) {
    auto text = movement_line(delta, style);
    for (const auto& row : delta.rows) {
        text += row_line(row, style);
    }
    return text + (delta.rows.empty() ? "  nothing has changed\n" : "");
}

std::string draw(const Audit& audit, const std::vector<CategoryGap>& gaps, const Style& style) {
    auto text = "the table on line " + std::to_string(audit.table_line) + "\n" +
                table_of(audit, style) + sum_lines(audit);
    for (const auto& finding : audit.findings) {
        text +=
            "  " + sign(style, Sign::failed) + " " +
            pad(std::string(contradiction_names.at(static_cast<std::size_t>(finding.kind))), 13) +
            printable(finding.text) + "\n";
    }
    text += audit.findings_left_out > 0
                ? "    and " + std::to_string(audit.findings_left_out) + " more\n"
                : "";
    text += audit.findings.empty()
                ? "  " + sign(style, Sign::done) + " it contradicts neither its table nor itself\n"
                : "";
    text += audit.ticked.all == 0
                ? ""
                : "    of " + deployctl::count_of(audit.ticked.all, "ticked point") + " " +
                      std::to_string(audit.ticked.with_evidence) +
                      " name file and line, or a source\n";
    return text + gap_lines(gaps, style);
}

}  // namespace deployctl::cli
