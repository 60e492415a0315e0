// SPDX-License-Identifier: Apache-2.0
#include "cli/assess_report.hpp"
#include "cli/assessing.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/delta_limits.hpp"
#include "cli/output/assess_view.hpp"
#include "cli/output/result.hpp"
#include "cli/repeated_assessment.hpp"
#include "readiness/delta.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace deployctl::cli::commands {

namespace {

struct Options {
    AssessScope scope;
    std::string baseline;
    bool accept_removed = false;
    DeltaLimits limits;
    ReportTarget target;
    bool list = false;
};

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
    return options.baseline.empty() && options.target.out.empty() && options.target.history.empty();
}

ExitCode run(Session& session, const Options& options) {
    if (options.list) {
        return list_checks(session, options.scope);
    }
    need_baseline(options);
    if (may_repeat(options)) {
        return repeat_or_assess(session, options.scope);
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
    tell(session, assessed, options.target);
    const auto exit = exit_of(assessed.assessment);
    const bool is_whole = exit != ExitCode::assessment_incomplete;
    const bool holds =
        !is_whole || !assessed.delta || hold(session, *assessed.delta, options.limits);
    return holds ? exit : ExitCode::blocked;
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
        "an earlier -o json, or `journal`: what gates found before rollouts; for -o html's trend",
        into_list(options->target.history)
    );
    form.add_option("--out", "FILE", "where the report goes", into(options->target.out));
    form.add_flag("--list", options->list, "the checks there are, and nothing is assessed");
    form.describe(
        "Asks a few hundred questions of what lies in the folder: manifests, overlays, charts, "
        "Dockerfiles, compose files, Terraform, alert rules, workflows, Makefiles, scripts. The "
        "score is an interval: at its low end all that could not be seen fails. Exit code 0 where "
        "it is ready, 4 where it is not, 12 where the assessment is not whole: less than 95% of "
        "the files could be read, or fewer than 20 checks had something to ask about (of one "
        "category: none)."
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
        "deployctl assess -e production -o html --out readiness.html --history journal",
        "the trend of what `readiness` gates have found before rollouts"
    );
    form.add_example(
        "deployctl assess --list --category recovery --settings ours.yaml", "what would be asked"
    );
    form.add_example("deployctl assess --no-waivers", "what is waived fails as well");
    return [options](Session& session) { return run(session, *options); };
}

}  // namespace deployctl::cli::commands
