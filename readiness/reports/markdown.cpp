// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/markdown.hpp"

#include "documents/yaml_source.hpp"
#include "model/text.hpp"
#include "readiness/reports/escaping.hpp"

#include <algorithm>

namespace deployctl::readiness {

namespace {

constexpr int longest_message = 240;
constexpr std::size_t shown_above = 10;  // checks in the table that is always open

std::string cut(std::string_view text) {
    const auto near = take_characters(text, longest_message);
    return std::string(near) + (near.size() < text.size() ? "…" : "");
}

/// A text of at most so many bytes: lines are whole, or left out and counted.
class Page {
public:
    explicit Page(std::size_t most_bytes)
        : room_(most_bytes > reserved ? most_bytes - reserved : 0) {}

    void add(const std::string& text) {
        if (!is_full_ && text.size() <= room_) {
            room_ -= text.size();
            text_ += text;
        } else {
            is_full_ = true;
        }
    }

    /// A head, as many lines as there is room for, and a foot that says how many there were not.
    void add_block(
        const std::string& head, const std::vector<std::string>& lines, const std::string& foot
    ) {
        const auto frame = head.size() + foot.size() + reserved_for_rest;
        if (is_full_ || lines.empty() || room_ < frame + lines.front().size()) {
            left_out_ += lines.size();
            return;
        }
        text_ += head;
        room_ -= frame;
        std::size_t written = 0;
        while (written < lines.size() && lines[written].size() <= room_) {
            room_ -= lines[written].size();
            text_ += lines[written++];
        }
        if (written < lines.size()) {
            const auto rest = lines.size() - written;
            text_ += "- … and " + std::to_string(rest) + " more, which there is no room for\n";
            left_out_ += rest;
        }
        text_ += foot;
    }

    std::string take() {
        if (left_out_ > 0 || is_full_) {
            text_ += "\n_Cut to the size of a comment: " + std::to_string(left_out_) +
                     " lines are left out. `deployctl assess` shows all._\n";
        }
        return std::move(text_);
    }

private:
    static constexpr std::size_t reserved = 200;          // for the last line
    static constexpr std::size_t reserved_for_rest = 80;  // for "and N more"

    std::string text_;
    std::size_t room_;
    std::size_t left_out_ = 0;
    bool is_full_ = false;
};

std::string marker_of(const ReportHead& head) {
    auto name = escape_address(head.app) + "/" + escape_address(head.environment);
    std::ranges::replace(name, '-', '_');  // two of them would end the comment
    return "<!-- deployctl:assess " + name + " -->\n";
}

std::string headline(const Assessment& assessment, const ReportHead& head) {
    auto text = "### Readiness" + (head.app.empty() ? "" : " of " + escape_markdown(head.app));
    text += head.environment.empty() ? "" : " in " + escape_markdown(head.environment);
    text += ": **" + std::string(verdict_text(assessment)) + "**";
    text += assessment.score ? ", " + interval_text(*assessment.score) + " of 100" : ", n/a";
    text += ", at least " + std::to_string(assessment.facts->settings().minimum) + " needed\n\n";
    for (const auto& reason : reasons(assessment)) {
        text += "- " + escape_markdown(reason) + "\n";
    }
    return text + "\n";
}

std::string categories_table(const Assessment& assessment) {
    std::string text = "| category | weight | score | failed |\n|---|--:|--:|--:|\n";
    for (const auto& category : assessment.categories) {
        const auto failed = std::ranges::count_if(category.rules, [](const RuleResult* result) {
            return std::ranges::find(result->findings, Outcome::fail, &Finding::outcome) !=
                   result->findings.end();
        });
        text += "| " + std::string(category.title) + " | " + std::to_string(category.weight) +
                "% | " + (category.score ? interval_text(*category.score) : "n/a") + " | " +
                std::to_string(failed) + " |\n";
    }
    return text + "\n";
}

std::string check_row(const OpenCheck& check) {
    const auto& rule = *check.result->rule;
    const auto& first = *check.failed.front();
    const auto more = subjects_of(check.failed) - 1;
    return "| " + std::string(check.blocks ? "⛔ " : "") + escape_markdown(rule.id) + " | " +
           deployctl::to_text(rule.severity) + " | " +
           escape_markdown(cut(message_of(rule, first))) +
           (more > 0 ? ", and " + std::to_string(more) + " more" : "") + " | " +
           markdown_code(cut(where_text(first))) + " | +" + points_text(check.gain) + " |\n";
}

std::string top_table(const std::vector<OpenCheck>& open) {
    if (open.empty()) {
        return "Nothing has failed.\n\n";
    }
    std::string text = "| check | severity | what | where | points |\n|---|---|---|---|--:|\n";
    for (std::size_t at = 0; at < std::min(open.size(), shown_above); ++at) {
        text += check_row(open[at]);
    }
    return text + "\n";
}

std::vector<std::string> failure_lines(const std::vector<OpenCheck>& open) {
    std::vector<std::string> lines;
    for (const auto& check : open) {
        const auto& rule = *check.result->rule;
        for (const auto* finding : check.failed) {
            lines.push_back(
                "- **" + escape_markdown(rule.id) + "** " +
                markdown_code(cut(where_text(*finding))) + " " +
                escape_markdown(cut(message_of(rule, *finding))) + " _" +
                escape_markdown(cut(rule.text.mend)) + "_\n"
            );
        }
    }
    return lines;
}

std::vector<std::string> lines_with(const Assessment& assessment, Outcome outcome) {
    std::vector<std::string> lines;
    for (const auto& check : checks_with(assessment, outcome)) {
        for (const auto* finding : check.findings) {
            auto line = "- **" + escape_markdown(check.result->rule->id) + "** " +
                        markdown_code(cut(where_text(*finding))) + " " +
                        escape_markdown(cut(message_of(*check.result->rule, *finding)));
            if (finding->waiver != nullptr) {
                line += " (" + escape_markdown(cut(finding->waiver->reason)) + ", " +
                        escape_markdown(finding->waiver->owner) + ", until " +
                        escape_markdown(finding->waiver->expires) + ")";
            }
            lines.push_back(line + "\n");
        }
    }
    return lines;
}

std::vector<std::string> unread_lines(const Coverage& coverage) {
    std::vector<std::string> lines;
    for (const auto& file : coverage.unread) {
        lines.push_back(
            "- " + markdown_code(cut(place_text({file.path, file.spot}))) + " " +
            escape_markdown(cut(file.why)) + "\n"
        );
    }
    return lines;
}

std::string signed_text(std::int64_t hundredths) {
    return (hundredths > 0 ? "+" : "") + points_text(hundredths);
}

std::string delta_line(const Delta& delta) {
    auto text = "Since the baseline: " + std::to_string(how_many(delta, Change::appeared)) +
                " new, " + std::to_string(how_many(delta, Change::fixed)) + " fixed, " +
                std::to_string(how_many(delta, Change::no_longer_assessed)) + " no longer assessed";
    if (delta.movement) {
        const auto& moved = *delta.movement;
        text += "; low end " + signed_text(moved.now - moved.before) + " (repository " +
                signed_text(moved.by_repository) + ", rules " + signed_text(moved.by_rules) +
                ", coverage " + signed_text(moved.by_coverage) + ")";
    }
    return text + ".\n\n";
}

std::vector<std::string> delta_lines(const Delta& delta) {
    std::vector<std::string> lines;
    for (const auto& row : delta.rows) {
        if (row.change != Change::still) {
            lines.push_back(
                "- " + std::string(change_names.at(static_cast<std::size_t>(row.change))) + " **" +
                escape_markdown(row.rule) + "** " + markdown_code(cut(row.object)) + " " +
                escape_markdown(cut(row.title)) + (row.blocks ? ", blocks" : "") + "\n"
            );
        }
    }
    return lines;
}

void add_details(Page& page, const std::string& title, const std::vector<std::string>& lines) {
    page.add_block(
        "<details><summary>" + title + " (" + std::to_string(lines.size()) + ")</summary>\n\n",
        lines,
        "\n</details>\n\n"
    );
}

}  // namespace

std::string markdown_of(
    const Assessment& assessment, const ReportHead& head, const Comment& comment
) {
    const auto open = open_checks(assessment);
    const auto& coverage = assessment.coverage;
    Page page(comment.most_bytes);
    page.add(marker_of(head));
    page.add(headline(assessment, head));
    if (comment.delta != nullptr) {
        page.add(delta_line(*comment.delta));
    }
    page.add(categories_table(assessment));
    page.add(top_table(open));
    if (comment.delta != nullptr) {
        add_details(page, "Changes since the baseline", delta_lines(*comment.delta));
    }
    add_details(page, "All failures", failure_lines(open));
    add_details(page, "Not assessed", lines_with(assessment, Outcome::not_assessed));
    add_details(page, "Files that could not be read", unread_lines(coverage));
    add_details(page, "Waived", lines_with(assessment, Outcome::waived));
    page.add(
        "Read " + std::to_string(coverage.read) + " of " + count_of(coverage.recognised, "file") +
        " that are known of " + std::to_string(coverage.seen) + ", " +
        count_of(coverage.lines, "line") + ".\n"
    );
    return page.take();
}

}  // namespace deployctl::readiness
