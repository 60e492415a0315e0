// SPDX-License-Identifier: Apache-2.0
#include "cli/assess_report.hpp"

#include "cli/assess_history.hpp"
#include "cli/output/assess_view.hpp"
#include "cli/output/delta_view.hpp"
#include "cli/output/result.hpp"
#include "cli/report_file.hpp"
#include "documents/json.hpp"
#include "readiness/reports/assessment_json.hpp"
#include "readiness/reports/delta_json.hpp"
#include "readiness/reports/html.hpp"
#include "readiness/reports/junit.hpp"
#include "readiness/reports/markdown.hpp"
#include "readiness/reports/sarif_json.hpp"

#include <ostream>

namespace deployctl::cli {

namespace {

using readiness::Recommendation;

std::string draw_all(const Assessed& assessed, const Style& style, Detail detail) {
    auto text = draw(assessed.assessment, assessed.head, style, detail);
    if (assessed.delta) {
        text += "\nsince the baseline: " + draw(*assessed.delta, style);
    }
    return text;
}

std::string as_json(const Assessed& assessed) {
    auto value = readiness::to_value(assessed.assessment, assessed.head);
    if (assessed.delta) {
        value.set("/delta", readiness::to_value(*assessed.delta));
    }
    // Hundreds of subjects a file: with white space it would be twice as large.
    return documents::write_json(value) + "\n";
}

/// Nothing for those that are for terminals.
std::optional<std::string> report_as(
    Session& session, const Assessed& assessed, const std::vector<std::string>& history
) {
    const auto& assessment = assessed.assessment;
    const auto& head = assessed.head;
    switch (session.globals.look.format) {
        case Format::json: return as_json(assessed);
        case Format::sarif:
            return documents::write_json_indented(readiness::sarif_of(assessment, head)) + "\n";
        case Format::junit: return readiness::junit_of(assessment, head);
        case Format::markdown:
            return readiness::markdown_of(
                assessment,
                head,
                {readiness::most_comment_bytes, assessed.delta ? &*assessed.delta : nullptr}
            );
        case Format::html:
            return readiness::html_of(assessment, head, read_history(session, history));
        default: return std::nullopt;
    }
}

}  // namespace

std::string report_text(
    Session& session, const Assessed& assessed, const std::vector<std::string>& history
) {
    const auto detail = is_wide(session) ? Detail::all : Detail::summary;
    auto report = report_as(session, assessed, history);
    if (session.globals.look.format == Format::name) {
        return std::string(readiness::verdict_text(assessed.assessment)) + "\n";
    }
    return report ? *report : draw_all(assessed, session.terminal.out_style, detail);
}

void tell(Session& session, const Assessed& assessed, const ReportTarget& target) {
    const auto format = session.globals.look.format;
    if (format == Format::yaml || format == Format::ndjson) {
        Result result;
        result.value = readiness::to_value(assessed.assessment, assessed.head);
        print(session, result);
        return;
    }
    if (target.out.empty()) {
        session.terminal.out << report_text(session, assessed, target.history);
    } else {
        const Style plain{false, false, 200};
        const auto report = report_as(session, assessed, target.history);
        write_report_file(target.out, report ? *report : draw_all(assessed, plain, Detail::all));
        session.terminal.out << draw_all(assessed, session.terminal.out_style, Detail::summary);
    }
    session.terminal.out.flush();
}

ExitCode exit_of(const readiness::Assessment& assessment) {
    switch (readiness::recommendation(assessment)) {
        case Recommendation::approved: return ExitCode::done;
        case Recommendation::not_approved: return ExitCode::blocked;
        case Recommendation::incomplete: break;
    }
    return ExitCode::assessment_incomplete;
}

}  // namespace deployctl::cli
