// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/plan_file.hpp"
#include "cli/preparation.hpp"
#include "cli/question.hpp"
#include "cli/running.hpp"
#include "cli/waves_start.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

struct Options {
    Order order;
    RunChoices run;
    std::string plan;
    bool dry_run = false;
    bool override_freeze = false;
};

/// What is said of each of these commands at the end of its description.
const std::string asking =
    "At a terminal it shows its plan and asks before it starts (-y: it does not); where there is "
    "no terminal, as in a CI job, it shows its plan and starts.";

Result nothing_to_do(const Prepared& prepared) {
    Result result;
    result.value =
        Value::map({{"rollout", nullptr}, {"cause", nullptr}, {"exit", 0}, {"no_change", true}});
    const auto& release = prepared.draft.plan.release;
    result.text = [tag = release.tag, workload = prepared.draft.plan.workload](const Style& style) {
        return sign(style, Sign::done) + " nothing to do: " + printable(workload) + " runs " +
               printable(tag) + " already\n";
    };
    return result;
}

/// Of those who write the override out, with a reason, nobody is refused for a freeze.
Order order_of(const Options& options) {
    auto order = options.order;
    if (options.override_freeze && options.run.reason.empty()) {
        throw Error(
            ExitCode::usage,
            "--override-freeze needs a reason: it is recorded who did it and why",
            "--reason \"what cannot wait\""
        );
    }
    if (options.override_freeze) {
        order.freeze.override_reason = options.run.reason;
    }
    return order;
}

std::string question_of(const Prepared& prepared) {
    return prepared.freeze_override.empty()
               ? "Start this rollout?"
               : "Start this rollout although it is " + printable(prepared.freeze.text) + "?";
}

ExitCode run(const Options& options, Session& session) {
    need_writable_files(session, options.run);
    const auto kept = options.plan.empty() ? Value() : read_plan_file(options.plan);
    const auto order = order_of(options);
    if (options.plan.empty()) {  // such a file is of one cluster
        const auto mode = options.dry_run ? Mode::dry_run : Mode::for_real;
        if (const auto exit = start_waves(session, {options.run, order}, mode)) {
            return *exit;
        }
    }
    const auto prepared = prepare(session, order);
    const auto& plan = prepared.draft.plan;
    refuse_if_active(prepared);
    if (prepared.draft.is_no_change) {
        print(session, nothing_to_do(prepared));
        return ExitCode::done;
    }
    auto& err = session.terminal.err;
    const auto& style = session.terminal.err_style;
    const bool is_quiet = session.globals.look.progress == ProgressStyle::quiet;
    if (!is_quiet || options.dry_run) {
        const auto detail = options.dry_run ? PlanView::Detail::steps : PlanView::Detail::stages;
        err << draw(prepared.draft, view_of(prepared, style, detail)) << std::flush;
    }
    refuse_if_refused(prepared.draft);
    if (!options.plan.empty()) {
        hold_to_plan(kept, options.plan, plan);
    }
    if (options.dry_run) {
        err << "Dry run: nothing was changed.\n";
        return ExitCode::done;
    }
    if (!is_confirmed(session, question_of(prepared))) {
        throw Error(ExitCode::blocked, "not started, as answered", "nothing was changed");
    }
    return run_plan(session, options.run, prepared);
}

Run declare_start(Form& form, const std::shared_ptr<Options>& options, const std::string& word) {
    declare_order(form, options->order);
    declare_run(form, options->run);
    form.add_option(
        "--plan",
        "FILE",
        "start only if the plan is still the one in this file",
        into(options->plan)
    );
    form.add_option(
        "--wait-lock",
        "DURATION",
        "wait so long for another rollout of the app to end, instead of exit code 9",
        into(options->order.wait_lock)
    );
    form.add_flag("--dry-run", options->dry_run, "show the plan and stop");
    form.add_flag(
        "--override-freeze",
        options->override_freeze,
        "in an emergency: start it in a freeze; needs --reason, and is recorded"
    );
    form.add_example("deployctl rollout " + word + " v2.31.0 -e production", "bring it out");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace

Run rollout_start(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    auto run = declare_start(form, options, "start");
    form.describe("By the environment's strategy. " + asking);
    form.add_example(
        "deployctl rollout start v2.31.0 -e production --plan plan.json", "exactly what was planned"
    );
    form.add_example(
        "deployctl rollout start v2.31.0 -e production --no-input --on-pause exit --on-interrupt "
        "rollback --wait-lock 30m",
        "in a CI job"
    );
    form.add_example(
        "deployctl rollout start v2.31.1 -e production --override-freeze --reason \"fixes 4711\"",
        "the fix that cannot wait for Monday"
    );
    form.add_example(
        "deployctl rollout start v2.31.0 -e production -y -v --log-file rollout.log",
        "with every write"
    );
    return run;
}

Run rollout_canary(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    options->order.strategy = StrategyKind::canary;
    auto run = declare_start(form, options, "canary");
    form.describe(
        "A part of the pods runs the new version first; each weight is held while the gates are "
        "asked. " +
        asking
    );
    form.add_example(
        "deployctl rollout canary v2.31.0 -e production --steps 5,25,50", "other weights"
    );
    form.add_example(
        "deployctl rollout canary v2 --workload deploy/web -n shop --image "
        "registry.example.com/shop/web",
        "an app without a deploy.yaml"
    );
    form.add_example(
        "deployctl rollout canary v2 -e staging --events fd:3 3>events.ndjson",
        "events for a program"
    );
    form.add_example(
        "deployctl rollout canary v2 -e staging --progress plain", "lines instead of the live view"
    );
    return run;
}

Run rollout_blue_green(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    options->order.strategy = StrategyKind::blue_green;
    auto run = declare_start(form, options, "blue-green");
    form.describe(
        "The new version comes up at full size beside the old one; then the Services are switched "
        "at once. " +
        asking
    );
    form.add_example(
        "deployctl rollout blue-green v2.31.0 -e staging --dry-run", "only show what it would do"
    );
    return run;
}

Run rollout_rolling(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    options->order.strategy = StrategyKind::rolling;
    auto run = declare_start(form, options, "rolling");
    form.describe(
        "The Deployment replaces its pods, as its own surge and unavailability say, or in batches "
        "of a candidate. " +
        asking
    );
    form.add_example(
        "deployctl rollout rolling v2.31.0 -e dev --on-failure hold",
        "stay where it fails, to look at it"
    );
    form.add_example(
        "deployctl rollout rolling v2.31.0 -e dev --timeout 10m --summary out/summary.md",
        "with a page for the job"
    );
    return run;
}

}  // namespace deployctl::cli::commands
