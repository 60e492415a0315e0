// SPDX-License-Identifier: Apache-2.0
// dr plan, drill, failover, failback, resume, abandon, approve: a region is moved to another one,
// for practice or in earnest. `dr status` has a file of its own.
#include "cli/commands/recovery_verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/disaster_facts.hpp"
#include "cli/disaster_run.hpp"
#include "cli/environment_locking.hpp"
#include "cli/operation_view.hpp"
#include "cli/output/result.hpp"
#include "cli/question.hpp"
#include "cli/redacting.hpp"
#include "model/text.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

using engine::DisasterDraft;
using engine::Exercise;

struct Options {
    Exercise exercise = Exercise::drill;
    std::string tag;
    std::string confirm;
    std::string reference;
    bool repeat = false;
    RunChoices run;
};

void print_notes(Session& session, const DisasterDraft& draft) {
    auto& terminal = session.terminal;
    for (const auto& warning : draft.warnings) {
        terminal.err << sign(terminal.err_style, Sign::attention) << " " << printable(warning)
                     << "\n";
    }
    for (const auto& refusal : draft.refusals) {
        terminal.err << sign(terminal.err_style, Sign::failed) << " " << printable(refusal) << "\n";
    }
    terminal.err << std::flush;
}

ExitCode plan(const Options& options, Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    const auto draft = draft_disaster(session, configuration, options.exercise, options.tag);
    print_notes(session, draft);
    Result result;
    const auto shown = redacted(draft.plan);
    result.value = engine::to_value(shown);
    result.value.set("/refusals", lines_value(draft.refusals));
    result.value.set("/warnings", lines_value(draft.warnings));
    result.names = {draft.plan.to};
    result.text = [&](const Style&) { return printable_lines(engine::to_text(shown)); };
    print(session, result);
    return draft.refusals.empty() ? ExitCode::done : ExitCode::blocked;
}

/// A drill asks as every change does; what moves the traffic wants the name of where to.
void need_consent(Session& session, const Options& options, const engine::DisasterPlan& plan) {
    if (plan.exercise == Exercise::drill) {
        if (!is_confirmed(session, "Start this drill?")) {
            throw Error(ExitCode::blocked, "not started, as answered", "nothing was changed");
        }
        return;
    }
    if (options.confirm != plan.to) {
        throw Error(
            ExitCode::usage,
            std::string("a ") + engine::to_text(plan.exercise) + " moves the traffic of " +
                plan.app + " to " + plan.to + ": name it",
            "--confirm=" + plan.to
        );
    }
}

Operation begin(Session& session, const Options& options, const engine::DisasterPlan& plan) {
    auto& parts = session.parts;
    Operation operation;
    operation.id = parts.ids().next();
    operation.kind = engine::kind_of(plan.exercise);
    operation.app = plan.app;
    operation.environment = plan.from;
    operation.subject = plan.to;
    operation.runner = parts.runners().self();
    operation.by = operation.runner.identity;
    operation.reason = options.run.reason;
    operation.plan = engine::to_value(plan);
    const auto answer = wait_for(parts, parts.operations().begin_operation(operation));
    if (answer.kind == BeginOperation::Kind::another_is_running) {
        throw Error(
            ExitCode::locked,
            answer.operation.kind + " " + std::to_string(answer.operation.number) + " of " +
                answer.operation.by + " has not ended, since " +
                to_minute_text(answer.operation.started) + " (UTC)",
            "`deployctl dr resume " + std::to_string(answer.operation.number) +
                "` goes on with it, `dr abandon` gives it up"
        );
    }
    return answer.operation;
}

void refuse_others(Session& session, const engine::DisasterPlan& plan) {
    OperationFilter filter;
    filter.kind = "dr.";
    filter.app = plan.app;
    filter.only_running = true;
    const auto found = wait_for(session.parts, session.parts.operations().operations(filter));
    if (!found.empty()) {
        const auto number = std::to_string(found.front().number);
        throw Error(
            ExitCode::locked,
            found.front().kind + " " + number + " of " + plan.app + " has not ended",
            "`deployctl dr resume " + number + "` goes on with it, `deployctl dr abandon " +
                number + " --reason TEXT` gives it up"
        );
    }
}

ExitCode start(const Options& options, Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    const auto draft = draft_disaster(session, configuration, options.exercise, options.tag);
    session.terminal.err << printable_lines(engine::to_text(redacted(draft.plan)));
    print_notes(session, draft);
    if (!draft.refusals.empty()) {
        throw Error(
            ExitCode::blocked,
            count_of(std::ssize(draft.refusals), "reason") + " why it cannot begin",
            "nothing was changed"
        );
    }
    refuse_others(session, draft.plan);
    need_consent(session, options, draft.plan);
    const auto operation = begin(session, options, draft.plan);
    DisasterRun run(session, configuration, options.run, operation, draft.plan);
    return run.run();
}

Operation find_open(Session& session, const std::string& reference) {
    auto& operations = session.parts.operations();
    if (!reference.empty()) {
        const auto found = wait_for(session.parts, operations.find_operation(reference));
        if (!found || !found->kind.starts_with("dr.") || found->state != OperationState::running) {
            throw Error(
                ExitCode::usage,
                "nothing of disaster recovery is under way as " + reference,
                "`deployctl dr status` shows what there is"
            );
        }
        return *found;
    }
    OperationFilter filter;
    filter.kind = "dr.";
    filter.app = app_of(session);
    filter.only_running = true;
    const auto found = wait_for(session.parts, operations.operations(filter));
    if (found.size() != 1) {
        throw Error(
            ExitCode::usage,
            found.empty() ? "no drill, failover or failback is under way"
                          : "several are under way: say which",
            "`deployctl dr status` shows them"
        );
    }
    return found.front();
}

void take(Session& session, const Options& options, Operation& operation) {
    need_silent_runner(session, options.run, operation);
    const auto self = session.parts.runners().self();
    const bool is_taken = wait_for(
        session.parts,
        session.parts.operations().take_operation(operation.id, operation.runner, self)
    );
    if (!is_taken) {
        throw Error(ExitCode::locked, "somebody else has taken it meanwhile", "look at dr status");
    }
    operation.runner = self;
}

ExitCode resume(const Options& options, Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    auto operation = find_open(session, options.reference);
    const auto plan = engine::read_disaster_plan(operation.plan);
    const auto trail = engine::read_trail(
        plan, wait_for(session.parts, session.parts.operations().operation_events(operation.id))
    );
    const bool is_unknown = trail.is_under_way && trail.next < plan.stages.size() &&
                            !engine::is_repeatable(plan.stages[trail.next].step);
    if (is_unknown && !options.repeat) {
        throw Error(
            ExitCode::blocked,
            "nobody knows whether `" + engine::to_text(plan, redacted(plan).stages[trail.next]) +
                "` was done: its runner was lost meanwhile",
            "look there; --repeat runs it again, and its program has to stand that"
        );
    }
    take(session, options, operation);
    DisasterRun run(session, configuration, options.run, operation, plan);
    return run.run();
}

/// What a drill has locked it lets go of; what a failover has locked stays so.
void let_go(Session& session, const Operation& operation, const engine::DisasterPlan& plan) {
    if (plan.exercise != Exercise::drill) {
        return;
    }
    const auto lock = find_lock(session, plan.from);
    if (lock && lock->reason == "drill " + operation.id) {
        take_lock_away(session, {plan.app, plan.from, operation.by, lock->reason}, *lock);
    }
}

ExitCode abandon(const Options& options, Session& session) {
    if (options.run.reason.empty()) {
        throw Error(
            ExitCode::usage, "dr abandon needs a reason: others will ask why", "--reason TEXT"
        );
    }
    auto operation = find_open(session, options.reference);
    const auto plan = engine::read_disaster_plan(operation.plan);
    take(session, options, operation);
    let_go(session, operation, plan);
    operation.state = OperationState::failed;
    operation.reason = options.run.reason;
    operation.result = Value::map({{"abandoned_by", operation.runner.identity}});
    static_cast<void>(wait_for(session.parts, session.parts.operations().end_operation(operation)));
    Result result;
    result.value = to_value(operation);
    result.names = {std::to_string(operation.number)};
    result.text = [&](const Style& style) {
        return sign(style, Sign::attention) + " " + printable(operation.kind) + " " +
               std::to_string(operation.number) + " is given up where it stood\n";
    };
    print(session, result);
    return ExitCode::done;
}

ExitCode approve(const Options& options, Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    const auto subject = find_open(session, options.reference);
    const auto plan = engine::read_disaster_plan(subject.plan);
    const auto settings = configuration.approvals.find(plan.approval);
    if (settings == configuration.approvals.end()) {
        throw Error(
            ExitCode::usage, "it waits for nobody", "dr.approval of deploy.yaml says for whom"
        );
    }
    auto& parts = session.parts;
    Operation said;
    said.id = parts.ids().next();
    said.kind = "dr.approval";
    said.app = plan.app;
    said.environment = plan.from;
    said.subject = subject.id;
    said.runner = parts.runners().self();
    said.by = said.runner.identity;
    said.reason = options.run.reason;
    const auto why_not = engine::object_to(settings->second, subject.by, said.by);
    if (!why_not.empty()) {
        throw Error(ExitCode::blocked, "it would not count: " + why_not, "nothing was written");
    }
    auto begun = wait_for(parts, parts.operations().begin_operation(said));
    begun.operation.state = OperationState::done;
    static_cast<void>(wait_for(parts, parts.operations().end_operation(begun.operation)));
    Result result;
    result.value = to_value(begun.operation);
    result.names = {std::to_string(begun.operation.number)};
    result.text = [&](const Style& style) {
        return sign(style, Sign::done) + " " + printable(plan.approval) + " agrees to " +
               printable(subject.kind) + " " + std::to_string(subject.number) +
               "; `deployctl dr resume` goes on\n";
    };
    print(session, result);
    return ExitCode::done;
}

void declare_tag(Form& form, Options& options) {
    form.add_option(
        "--tag", "TAG", "the version (default: what was promoted there last)", into(options.tag)
    );
}

void declare_reason(Form& form, Options& options) {
    form.add_option("--reason", "TEXT", "why, for the record", into(options.run.reason));
}

Run declare_start(Form& form, Exercise exercise) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    options->exercise = exercise;
    declare_tag(form, *options);
    declare_reason(form, *options);
    if (exercise != Exercise::drill) {
        form.add_option(
            "--confirm", "ENV", "the environment that takes the traffic", into(options->confirm)
        );
    }
    return [options](Session& session) { return start(*options, session); };
}

}  // namespace

Run dr_plan(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "EXERCISE",
        "drill, failover or failback (default: drill)",
        one_of<Exercise, Exercise>(
            options->exercise,
            {{"drill", Exercise::drill},
             {"failover", Exercise::failover},
             {"failback", Exercise::failback}}
        )
    );
    declare_tag(form, *options);
    form.describe("The stages, in order, and what is missing for them. Exit code 4 where it is.");
    form.add_example("deployctl dr plan failover --tag v2.31.0", "what would happen");
    return [options](Session& session) { return plan(*options, session); };
}

Run dr_drill(Form& form) {
    auto run = declare_start(form, Exercise::drill);
    form.describe(
        "All of a failover but the switch of the traffic: rollouts of the primary are locked "
        "meanwhile, the version is brought out in the standby, and programs of dr and of the "
        "restore get DEPLOYCTL_DRILL=true, so that they work on a scratch target. RTO and RPO are "
        "measured and held against their targets. Exit code 6 where it has failed or missed one."
    );
    form.add_example("deployctl dr drill --reason \"quarterly\" -y", "once a quarter");
    return run;
}

Run dr_failover(Form& form) {
    auto run = declare_start(form, Exercise::failover);
    form.describe(
        "Moves the service to the standby, stage by stage, each written down before and after. A "
        "stage that fails leaves it standing there: exit code 7, and `dr resume` goes on."
    );
    form.add_example(
        "deployctl dr failover --confirm dr --reason \"region is down\"", "in earnest"
    );
    return run;
}

Run dr_failback(Form& form) {
    auto run = declare_start(form, Exercise::failback);
    form.describe("The same the other way: from the standby to the primary.");
    form.add_example(
        "deployctl dr failback --confirm production --reason \"region is up\"", "home"
    );
    return run;
}

Run dr_resume(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the one that is under way)", into(options->reference)
    );
    form.add_flag(
        "--repeat", options->repeat, "run the program again of which nobody knows whether it ended"
    );
    declare_takeover(form, options->run);
    form.describe("From the first stage that is not done; what is done is not done again.");
    form.add_example("deployctl dr resume 12", "after a crash, an approval, or a mended stage");
    form.add_example("deployctl dr resume 12 --repeat", "its program stands being run twice");
    return [options](Session& session) { return resume(*options, session); };
}

Run dr_abandon(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the one that is under way)", into(options->reference)
    );
    declare_reason(form, *options);
    declare_takeover(form, options->run);
    form.describe(
        "It ends as failed where it stands. A drill lets go of what it has locked; what a failover "
        "has locked stays locked: `deployctl env unlock`."
    );
    form.add_example(
        "deployctl dr abandon 12 --reason \"the region is back\"", "not needed any more"
    );
    return [options](Session& session) { return abandon(*options, session); };
}

Run dr_approve(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the one that is under way)", into(options->reference)
    );
    declare_reason(form, *options);
    form.add_example("deployctl dr approve 12 --reason \"seen\"", "says yes to what waits for it");
    return [options](Session& session) { return approve(*options, session); };
}

}  // namespace deployctl::cli::commands
