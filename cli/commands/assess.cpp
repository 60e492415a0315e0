// SPDX-License-Identifier: Apache-2.0
#include "cli/assessing.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/delta_limits.hpp"
#include "cli/earlier_assessment.hpp"
#include "cli/output/assess_view.hpp"
#include "cli/output/delta_view.hpp"
#include "cli/output/result.hpp"
#include "cli/report_file.hpp"
#include "documents/json.hpp"
#include "readiness/delta.hpp"
#include "readiness/reports/assessment_json.hpp"
#include "readiness/reports/delta_json.hpp"
#include "readiness/reports/html.hpp"
#include "readiness/reports/junit.hpp"
#include "readiness/reports/markdown.hpp"
#include "readiness/reports/sarif_json.hpp"

#include <memory>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

namespace deployctl::cli::commands {

namespace {

using readiness::Recommendation;

struct Options {
    AssessScope scope;
    std::string baseline;
    bool accept_removed = false;
    DeltaLimits limits;
    std::vector<std::string> history;
    std::string out;
    bool list = false;
};

/// All that a report is made of.
struct Assessed {
    readiness::Assessment assessment;
    readiness::ReportHead head;
    std::optional<readiness::Delta> delta;
};

std::vector<readiness::TrendPoint> history_of(const std::vector<std::string>& paths) {
    constexpr std::size_t most_bytes = 64U << 20U;
    std::vector<readiness::TrendPoint> points;
    for (const auto& path : paths) {
        const auto recorded = read_baseline(path);
        const auto document =
            documents::try_read_json(read_named_file(path, "the assessment", most_bytes));
        const auto at = document ? read_rfc3339(document->view("/assessed_at")) : std::nullopt;
        if (at && recorded.score) {
            points.push_back({*at, recorded.score->first, recorded.score->second});
        }
    }
    return points;
}

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
    return documents::write_json_indented(value) + "\n";
}

/// Nothing for those that are for terminals.
std::optional<std::string> report_as(
    Format format, const Assessed& assessed, const std::vector<std::string>& history
) {
    const auto& assessment = assessed.assessment;
    const auto& head = assessed.head;
    switch (format) {
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
        case Format::html: return readiness::html_of(assessment, head, history_of(history));
        default: return std::nullopt;
    }
}

std::string text_for_terminal(
    Session& session, const Assessed& assessed, const std::vector<std::string>& history
) {
    const auto detail = is_wide(session) ? Detail::all : Detail::summary;
    auto report = report_as(session.globals.look.format, assessed, history);
    if (session.globals.look.format == Format::name) {
        return std::string(readiness::verdict_text(assessed.assessment)) + "\n";
    }
    return report ? *report : draw_all(assessed, session.terminal.out_style, detail);
}

/// A report goes into the file that was named, and the text for people to the terminal.
void tell(Session& session, const Assessed& assessed, const Options& options) {
    const auto format = session.globals.look.format;
    if (format == Format::yaml || format == Format::ndjson) {
        Result result;
        result.value = readiness::to_value(assessed.assessment, assessed.head);
        print(session, result);
        return;
    }
    if (options.out.empty()) {
        session.terminal.out << text_for_terminal(session, assessed, options.history);
    } else {
        const Style plain{false, false, 200};
        const auto report = report_as(format, assessed, options.history);
        write_report_file(options.out, report ? *report : draw_all(assessed, plain, Detail::all));
        session.terminal.out << draw_all(assessed, session.terminal.out_style, Detail::summary);
    }
    session.terminal.out.flush();
}

ExitCode exit_of(Session& session, const Assessed& assessed, const DeltaLimits& limits) {
    const auto recommended = readiness::recommendation(assessed.assessment);
    if (recommended == Recommendation::incomplete) {
        return ExitCode::assessment_incomplete;
    }
    const bool holds = !assessed.delta || hold(session, *assessed.delta, limits);
    return recommended == Recommendation::approved && holds ? ExitCode::done : ExitCode::blocked;
}

void need_baseline(const Options& options) {
    const auto& limits = options.limits;
    const bool is_needed =
        limits.no_new_blockers || !limits.max_drop.empty() || options.accept_removed;
    if (is_needed && options.baseline.empty()) {
        throw Error(
            ExitCode::usage,
            "--no-new-blockers, --max-drop and --accept-removed compare with a baseline",
            "name one with --baseline FILE"
        );
    }
    check(limits);
}

ExitCode list_checks(Session& session, const AssessScope& scope) {
    const auto pack = rules_for(scope);
    Result result;
    result.value = checks_value(*pack);
    for (const auto& rule : pack->rules) {
        result.names.push_back(rule.id);
    }
    result.text = [&pack](const Style& style) { return draw_checks(*pack, style); };
    print(session, result);
    return ExitCode::done;
}

/// Nobody compares, and nothing is written into a file: what was said before can be said again.
bool may_repeat(const Options& options) {
    return options.baseline.empty() && options.out.empty() && options.history.empty();
}

ExitCode repeat_or_assess(Session& session, const Options& options) {
    auto folder = read_folder(options.scope, session.globals.place.environment);
    const auto key = key_of(session, folder);
    if (const auto earlier = find_earlier(session, key)) {
        session.terminal.out << earlier->out;
        session.terminal.out.flush();
        return static_cast<ExitCode>(earlier->exit_code);
    }
    const Assessed assessed{assess(session, std::move(folder)), report_head(session), std::nullopt};
    const auto exit = exit_of(session, assessed, options.limits);
    if (key.empty()) {
        tell(session, assessed, options);
        return exit;
    }
    const auto text = text_for_terminal(session, assessed, options.history);
    session.terminal.out << text;
    session.terminal.out.flush();
    keep_for_later(session, key, {static_cast<int>(exit), text, ""});
    return exit;
}

ExitCode run(Session& session, const Options& options) {
    if (options.list) {
        return list_checks(session, options.scope);
    }
    need_baseline(options);
    if (may_repeat(options)) {
        return repeat_or_assess(session, options);
    }
    std::optional<readiness::Recorded> baseline;
    if (!options.baseline.empty()) {
        baseline = read_baseline(options.baseline);
    }
    Assessed assessed{assess(session, options.scope), report_head(session), std::nullopt};
    if (baseline && !options.accept_removed) {
        readiness::count_removed(assessed.assessment, *baseline);
    }
    if (baseline) {
        assessed.delta = readiness::compare(*baseline, readiness::recorded_of(assessed.assessment));
    }
    tell(session, assessed, options);
    return exit_of(session, assessed, options.limits);
}

ValueReader into_list(std::vector<std::string>& target) {
    ValueReader reader{[&target](const std::string& text, const std::string&) {
        target.push_back(text);
    }};
    reader.times = ValueReader::Times::repeatedly;
    return reader;
}

}  // namespace

Run assess(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument("PATH", "a folder (default: this one)", into(options->scope.path));
    form.add_option(
        "--min", "SCORE", "the low end that is needed (default: 80)", into(options->scope.minimum)
    );
    add_scope_options(form, options->scope);
    form.add_option(
        "--baseline", "FILE", "an earlier -o json to compare with", into(options->baseline)
    );
    form.add_flag(
        "--accept-removed",
        options->accept_removed,
        "what the baseline had and is gone is meant to be gone"
    );
    add_limits(form, options->limits);
    form.add_option(
        "--history",
        "FILE",
        "an earlier -o json, for the trend in -o html",
        into_list(options->history)
    );
    form.add_option("--out", "FILE", "where the report goes", into(options->out));
    form.add_flag("--list", options->list, "the checks there are, and nothing is assessed");
    form.describe(
        "Asks a few hundred questions of what lies in the folder: manifests, overlays, charts, "
        "Dockerfiles, compose files, Terraform, alert rules, workflows, Makefiles, scripts. The "
        "score is an interval: at its low end all that could not be seen fails. Exit code 0 where "
        "it is ready, 4 where it is not, 12 where the assessment is not whole: less than 95% of "
        "the files could be read, or there is nothing to assess."
    );
    form.add_example("deployctl assess -e production", "is it ready, and what would help most?");
    form.add_example(
        "deployctl assess services/api --live --min 90 -o sarif --out api.sarif",
        "with the cluster, for code scanning"
    );
    form.add_example(
        "deployctl assess --baseline last.json --no-new-blockers --max-drop 0.5",
        "no worse than the last time"
    );
    form.add_example(
        "deployctl assess --baseline last.json --accept-removed -o json --out last.json",
        "a new baseline, without what is meant to be gone"
    );
    form.add_example(
        "deployctl assess -o html --out readiness.html --history may.json --history june.json",
        "a page, with the trend"
    );
    form.add_example(
        "deployctl assess --list --category recovery --settings ours.yaml", "what would be asked"
    );
    form.add_example("deployctl assess --no-waivers", "what is waived fails as well");
    return [options](Session& session) { return run(session, *options); };
}

}  // namespace deployctl::cli::commands
