// SPDX-License-Identifier: Apache-2.0
// infra apply: of the plan that was shown, or of a saved one, and of nothing else. What an earlier
// runner has left is taken up first.
#include "cli/commands/verbs.hpp"
#include "cli/infra_leave.hpp"
#include "cli/infra_run.hpp"
#include "cli/infra_telling.hpp"
#include "cli/output/result.hpp"
#include "cli/question.hpp"
#include "cli/redacting.hpp"
#include "documents/json.hpp"
#include "model/text.hpp"
#include "plugins/terraform/stack_report.hpp"
#include "ports/printed.hpp"

#include <istream>
#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

using plugins::terraform::Agreement;
using plugins::terraform::AppliedChanges;
using plugins::terraform::changed_report;
using plugins::terraform::compare;
using plugins::terraform::counts_of;
using plugins::terraform::destroys_of;
using plugins::terraform::Halt;
using plugins::terraform::open_addresses;
using plugins::terraform::PlannedChanges;
using plugins::terraform::report_of;
using plugins::terraform::Stack;

namespace {

constexpr std::size_t most_note_bytes = 16UL << 20U;

struct Options {
    std::string stack;
    std::string plan;
    std::string confirm;
    std::string reason;
};

void need_agreement(
    Session& session, const Options& options, const std::string& name, const std::string& why
) {
    if (options.confirm == name) {
        return;
    }
    auto& terminal = session.terminal;
    if (terminal.ends.can_ask && !session.globals.consent.no_input) {
        terminal.err << why << "\nType " << name << " to agree: " << std::flush;
        std::string answer;
        std::getline(terminal.in, answer);
        if (answer == name) {
            return;
        }
        throw Error(ExitCode::blocked, "not applied, as answered", "nothing was changed");
    }
    throw Error(ExitCode::blocked, why, "--confirm=" + name + " agrees to it");
}

/// Where the state is not the one that was left, somebody has to say that it is right all the same;
/// from then on it is the one.
void need_known_state(
    Session& session,
    const Options& options,
    const std::string& name,
    Stack& stack,
    const PlannedChanges& planned
) {
    if (planned.doubt.empty()) {
        return;
    }
    need_agreement(session, options, name, "stack " + name + ": " + planned.doubt);
    stack.trust(planned);
}

/// What was agreed to by an apply that was cut off needs no new yes, as long as nothing is new.
void ask(
    Session& session,
    const Options& options,
    const InfraScene& scene,
    const std::string& name,
    const FreshPlan& fresh
) {
    const auto& present = fresh.planned.plan.changes;
    if (fresh.was) {
        const auto agreement = compare(fresh.was->changes, present);
        if (agreement == Agreement::same || agreement == Agreement::part) {
            need_yes(session, "Go on with what an earlier apply of " + name + " had begun?");
            return;
        }
        const auto changed = changed_report(fresh.was->changes, present);
        need_approver(session, scene, name, destroys_of(present));
        need_agreement(
            session,
            options,
            name,
            "stack " + name +
                ": an earlier apply was cut off, and what is left is not part of what "
                "it was: " +
                changed.detail
        );
        return;
    }
    const auto destroys = destroys_of(fresh.planned.plan.changes);
    need_approver(session, scene, name, destroys);
    if (!destroys.empty()) {
        need_agreement(
            session,
            options,
            name,
            "stack " + name + " would destroy or replace " + first_few(destroys, ", ")
        );
        return;
    }
    need_yes(session, "Apply " + counts_of(fresh.planned.plan.changes) + " in " + name + "?");
}

/// A saved plan is applied only where its copy is the one that was noted beside it, of this stack,
/// of these files, and the state has not moved since.
PlannedChanges saved_plan(
    Session& session, const Options& options, const std::string& name, Stack& stack
) {
    const auto note_file = options.plan + ".json";
    const auto note = session.parts.outside().files.read(note_file, most_note_bytes);
    const auto noted = documents::try_read_json(note.text);
    if (!noted) {
        throw Error(
            ExitCode::usage,
            note_file + ", which `infra plan --out` writes beside the plan, cannot be read"
        );
    }
    auto planned = wait_for(session.parts, stack.copy_saved(options.plan));
    if (planned.halt) {
        refuse(name, *planned.halt);
    }
    auto pulled = wait_for(session.parts, stack.pull());
    if (pulled.halt) {
        refuse(name, *pulled.halt);
    }
    planned.state = pulled.facts;
    planned.state_text = std::move(pulled.text);
    const auto object = [&](bool is_right, const std::string& what) {
        if (!is_right) {
            throw Error(ExitCode::blocked, options.plan + " " + what, "plan again");
        }
    };
    object(noted->text("/stack") == name, "is a plan of stack " + noted->text("/stack"));
    object(
        noted->text("/plan") == planned.digest,
        "is not the plan that was saved there: its digest differs"
    );
    object(
        noted->text("/configuration") == planned.configuration_hash,
        "was made of other files than the stack has now"
    );
    object(
        noted->text("/lineage") == pulled.facts.lineage &&
            noted->number("/serial") == pulled.facts.serial,
        "is stale: the state has moved to serial " + std::to_string(pulled.facts.serial) + " since"
    );
    return planned;
}

ExitCode exit_of(const AppliedChanges& applied) {
    if (!applied.halt) {
        return ExitCode::done;
    }
    switch (applied.halt->kind) {
        case Halt::Kind::failed:
            return applied.completed.empty() && applied.orphans.empty() ? ExitCode::blocked
                                                                        : ExitCode::not_rolled_back;
        case Halt::Kind::locked: return ExitCode::locked;
        case Halt::Kind::cannot_tell: return ExitCode::paused;
        case Halt::Kind::stopped: return ExitCode::stopped_watching;
        case Halt::Kind::tool_missing: return ExitCode::tool_missing;
    }
    return ExitCode::internal_error;
}

Value applied_value(const std::string& stack, const TaskReport& report) {
    auto value = report.evidence;
    value.set("/stack", stack);
    value.set("/why", report.detail);
    return value;
}

void end_operation(
    Session& session, InfraTelling& telling, const AppliedChanges& applied, const Value& result
) {
    auto& operation = telling.operation;
    const bool is_open = applied.halt && (applied.halt->kind == Halt::Kind::cannot_tell ||
                                          applied.halt->kind == Halt::Kind::stopped);
    operation.state = !applied.halt ? OperationState::done
                      : is_open     ? OperationState::needs_human
                                    : OperationState::failed;
    operation.ended = session.parts.clock().now();
    operation.result = result;
    wait_for(session.parts, session.parts.operations().end_operation(operation));
}

void tell_orphans(Session& session, const OpenStack& open, const FreshPlan& fresh) {
    if (!fresh.was) {
        return;
    }
    const auto orphans = open_addresses(open.folder.path() + "/apply.jsonl");
    if (!orphans.empty()) {
        session.terminal.err
            << sign(session.terminal.err_style, Sign::attention)
            << " possible orphans: begun when the earlier apply ended, and perhaps "
               "not in the state: "
            << printable(first_few(orphans, ", ")) << "\n";
    }
}

void need_policies(
    Session& session,
    const InfraScene& scene,
    const std::string& name,
    const PlannedChanges& planned
) {
    if (!policies_agree(session, scene, name, planned)) {
        throw Error(
            ExitCode::blocked,
            "stack " + name + " is not applied: its policies do not agree",
            "change its files, or the policies"
        );
    }
}

Operation operation_on(const InfraScene& scene, const std::string& name) {
    Operation operation;
    operation.kind = "infra.apply";
    operation.app = scene.place.target.app;
    operation.environment = scene.place.target.environment;
    operation.subject = name;
    return operation;
}

/// A state that was written, or a lock that was removed, is in the journal whatever comes of the
/// plan.
void journal_recovery(
    Session& session, InfraTelling& telling, const InfraScene& scene, const std::string& name
) {
    telling.operation = begin_operation(session, operation_on(scene, name));
    session.parts.drive(telling.journal());
    end_operation(
        session,
        std::exchange(telling.operation, {}),
        OperationState::done,
        Value::map({{"why", "what an earlier apply had left was taken up"}})
    );
}

void need_its_name(const Options& options, const std::string& name) {
    if (!options.confirm.empty() && options.confirm != name) {
        throw Error(
            ExitCode::usage,
            "--confirm=" + options.confirm + " is not about stack " + name,
            "--confirm=" + name + " agrees to what it destroys"
        );
    }
}

void print_nothing_to_do(Session& session, const std::string& name) {
    Result result;
    result.value = Value::map({{"stack", name}, {"why", "nothing to do"}});
    result.text = [&name](const Style&) { return name + ": nothing to do\n"; };
    print(session, result);
}

ExitCode run(
    Session& session, const Options& options, const InfraScene& scene, const std::string& name
) {
    need_its_name(options, name);
    InfraTelling telling(session, name);
    auto order = stack_order(scene, name);
    order.tell = [&telling](const Value& fact) { telling.take(redacted(fact)); };
    order.stops = [&telling] { return telling.stops(); };
    order.meanwhile = [&telling] { return telling.journal(); };
    session.parts.interrupts();  // from here on a signal stops the tool in its own way
    if (const auto standing = need_quiet_environment(session, scene); !standing.empty()) {
        need_agreement(session, options, name, standing);
    }
    OpenStack open(scene.place, order, session.parts);
    auto fresh = wait_for(session.parts, plan_open_stack(&open, name, Leftovers::take_up));
    if (telling.has_more()) {
        journal_recovery(session, telling, scene, name);
    }
    if (fresh.halt) {
        refuse(name, *fresh.halt);
    }
    if (!options.plan.empty()) {
        const auto doubt = fresh.planned.doubt;
        fresh.planned = saved_plan(session, options, name, open.stack);
        fresh.planned.doubt = doubt;
    }
    auto& terminal = session.terminal;
    terminal.err << plan_text(name, fresh.planned.plan, scene.prices, terminal.err_style);
    tell_orphans(session, open, fresh);
    need_known_state(session, options, name, open.stack, fresh.planned);
    if (!fresh.planned.plan.has_changes()) {
        open.folder.forget_run();
        print_nothing_to_do(session, name);
        return ExitCode::done;
    }
    need_policies(session, scene, name, fresh.planned);
    ask(session, options, scene, name, fresh);
    auto operation = operation_on(scene, name);
    operation.reason = options.reason;
    operation.plan = plan_value(name, fresh.planned, scene.prices);
    telling.operation = begin_operation(session, operation);
    const auto applied =
        wait_for(session.parts, open.stack.apply(fresh.planned, telling.operation.id));
    session.parts.drive(telling.journal());
    const auto report = redacted(report_of(fresh.planned, applied));
    Result result;
    result.value = applied_value(name, report);
    end_operation(session, telling, applied, result.value);
    if (applied.halt) {
        throw Error(exit_of(applied), "stack " + name + ": " + report.detail);
    }
    result.text = [&](const Style&) { return name + ": " + printable(report.detail) + "\n"; };
    print(session, result);
    return ExitCode::done;
}

ExitCode apply(const Options& options, Session& session) {
    const auto scene = infra_scene(session, options.stack);
    if (scene.stacks.size() > 1) {
        throw Error(ExitCode::usage, "say which stack", join(scene.stacks, " | "));
    }
    return run(session, options, scene, scene.stacks.front());
}

}  // namespace

Run infra_apply(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "STACK", "one of `infra.stacks` (default: the only one)", into(options->stack)
    );
    form.add_option(
        "--plan", "FILE", "what `infra plan --out` has saved, and nothing else", into(options->plan)
    );
    form.add_option(
        "--confirm",
        "STACK",
        "agree to what is destroyed or replaced, or to another state than the last apply has left; "
        "-y does not",
        into(options->confirm)
    );
    form.add_option("--reason", "TEXT", "kept with it", into(options->reason));
    form.describe(
        "Plans, shows the plan, asks, and applies exactly that plan; without a terminal only -y is "
        "a "
        "yes (exit 4 without it). Afterwards a second plan has to "
        "be empty. An apply that was cut off is taken up: its process is waited for, a state that "
        "could not be written is written, a lock is removed only where it is its own and its "
        "process "
        "is proven dead, and what is left is planned again. Ctrl-C lets the tool end in its own "
        "way."
    );
    form.add_example("deployctl infra apply data -e production", "plan, ask, apply");
    form.add_example("deployctl infra apply data --plan data.tfplan -y", "what was reviewed");
    form.add_example(
        "deployctl infra apply data --confirm=data", "where something is destroyed, without asking"
    );
    return [options](Session& session) { return apply(*options, session); };
}

}  // namespace deployctl::cli::commands
