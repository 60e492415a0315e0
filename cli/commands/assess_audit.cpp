// SPDX-License-Identifier: Apache-2.0
#include "cli/assessing.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/output/delta_view.hpp"
#include "cli/output/result.hpp"
#include "readiness/reports/audit_json.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string report;
    std::string against;
};

ExitCode run(Session& session, const Options& options) {
    constexpr std::size_t most_bytes = 4U << 20U;
    const auto audit =
        readiness::audit_report(read_named_file(options.report, "the report", most_bytes));
    if (!audit.trouble.empty()) {
        throw Error(
            ExitCode::usage,
            printable(options.report) + " cannot be audited: " + audit.trouble,
            "name a Markdown file with a table of categories, weights and scores"
        );
    }
    std::vector<readiness::CategoryGap> gaps;
    if (!options.against.empty()) {
        AssessScope scope;
        scope.path = options.against;
        gaps = readiness::gaps_between(audit, assess(session, scope));
    }
    Result result;
    result.value = readiness::to_value(audit, gaps);
    result.names = {audit.findings.empty() ? "consistent" : "contradictory"};
    result.text = [&](const Style& style) { return draw(audit, gaps, style); };
    print(session, result);
    return audit.findings.empty() ? ExitCode::done : ExitCode::blocked;
}

}  // namespace

Run assess_audit(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_argument("REPORT", "a Markdown file with a table of scores", into(options->report));
    form.add_option(
        "--against", "PATH", "assess this folder, and show the gap", into(options->against)
    );
    form.describe(
        "Holds a report that somebody has written against its own table: the weighted sum without "
        "rounding, headlines that say something else, stars that do not follow the scores, parts "
        "that were left out, claims without a source. Exit code 0 where nothing contradicts, 4 "
        "where something does, 2 where there is no such table."
    );
    form.add_example("deployctl assess audit REPORT.md", "does it add up?");
    form.add_example(
        "deployctl assess audit REPORT.md --against .", "and is it so, by what lies here?"
    );
    return [options](Session& session) { return run(session, *options); };
}

}  // namespace deployctl::cli::commands
