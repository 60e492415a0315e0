// SPDX-License-Identifier: Apache-2.0
#include "cli/disaster_run.hpp"

#include "cli/disaster_release.hpp"
#include "cli/environment_locking.hpp"
#include "cli/operation_view.hpp"
#include "cli/output/result.hpp"
#include "cli/stacks.hpp"
#include "model/text.hpp"
#include "plugins/terraform/root_module.hpp"

#include <ostream>
#include <utility>

namespace deployctl::cli {

namespace {

using engine::DisasterStage;
using engine::DisasterStep;
using engine::Exercise;
using engine::StageEnd;
using engine::StageOutcome;

StageEnd failed(std::string detail) {
    return {StageOutcome::failed, std::move(detail), {}, {}};
}

const char* sign_word(StageOutcome outcome) {
    switch (outcome) {
        case StageOutcome::done: return "done";
        case StageOutcome::failed: return "failed";
        case StageOutcome::skipped: return "left out";
        case StageOutcome::paused: return "waits";
    }
    return "";
}

Sign sign_for(StageOutcome outcome) {
    switch (outcome) {
        case StageOutcome::done: return Sign::done;
        case StageOutcome::failed: return Sign::failed;
        case StageOutcome::skipped: return Sign::attention;
        case StageOutcome::paused: return Sign::waiting;
    }
    return Sign::unknown;
}

}  // namespace

DisasterRun::DisasterRun(
    Session& session,
    Configuration configuration,
    RunChoices choices,
    Operation operation,
    engine::DisasterPlan plan
)
    : session_(session),
      configuration_(std::move(configuration)),
      choices_(std::move(choices)),
      operation_(std::move(operation)),
      plan_(std::move(plan)) {}

ExitCode DisasterRun::run() {
    auto& operations = session_.parts.operations();
    const auto events = wait_for(session_.parts, operations.operation_events(operation_.id));
    auto number = engine::read_trail(plan_, events).next;
    for (; number < plan_.stages.size(); ++number) {
        const auto end = run_stage(number);
        if (end.outcome == StageOutcome::failed || end.outcome == StageOutcome::paused) {
            return stop_at(number, end);
        }
    }
    return conclude();
}

engine::StageEnd DisasterRun::run_stage(std::size_t number) {
    auto& terminal = session_.terminal;
    const auto& stage = plan_.stages[number];
    const auto text = printable(engine::to_text(plan_, stage));
    terminal.err << sign(terminal.err_style, Sign::running) << " " << text << "\n" << std::flush;
    note(engine::stage_started(plan_, number));
    auto& clock = session_.parts.clock();
    const auto begun = clock.boot_time();
    StageEnd end;
    try {
        end = perform(stage);
    } catch (const Error& error) {
        // The boundary of a stage: what it could not do is its end, and is written down as such.
        end = failed(error.what() + (error.help().empty() ? "" : "; " + error.help()));
    } catch (const std::exception& accident) {
        // The same: a drill that left by it would leave its primary locked.
        end = failed(accident.what());
    }
    end.took = clock.boot_time() - begun;
    note(engine::stage_ended(plan_, number, end));
    terminal.err << sign(terminal.err_style, sign_for(end.outcome)) << " "
                 << engine::to_text(stage.step) << " " << sign_word(end.outcome) << ", "
                 << to_short_text(end.took)
                 << (end.detail.empty() ? "" : ": " + printable(end.detail)) << "\n"
                 << std::flush;
    return end;
}

engine::StageEnd DisasterRun::perform(const DisasterStage& stage) {
    switch (stage.step) {
        case DisasterStep::age: return tell_age(stage);
        case DisasterStep::approval: return ask_people();
        case DisasterStep::hold: return hold(stage);
        case DisasterStep::open: return open(stage);
        case DisasterStep::infra: return check_stack(stage);
        case DisasterStep::release:
            return bring_out(session_, configuration_, choices_, plan_, stage.environment);
        case DisasterStep::restore: return restore(stage);
        case DisasterStep::promote:
        case DisasterStep::traffic:
        case DisasterStep::verify: return run_program(stage, nullptr);
    }
    return {};
}

engine::StageEnd DisasterRun::ask_people() {
    const auto found = configuration_.approvals.find(plan_.approval);
    if (found == configuration_.approvals.end()) {
        return failed("deploy.yaml has no approval " + plan_.approval + " any more");
    }
    OperationFilter filter;
    filter.kind = "dr.approval";
    filter.app = plan_.app;
    filter.subject = operation_.id;
    auto& parts = session_.parts;
    const auto said = wait_for(parts, parts.operations().operations(filter));
    const auto consent =
        engine::consent_of(found->second, operation_.by, said, parts.clock().now());
    StageEnd end;
    end.evidence = Value::map({{"given_by", lines_value(consent.given)}});
    end.detail = std::to_string(consent.given.size()) + " of " + std::to_string(consent.needed) +
                 " given" + (consent.given.empty() ? "" : ", by " + join(consent.given, ", "));
    if (!consent.is_given()) {
        end.outcome = StageOutcome::paused;
        end.detail += "; `deployctl dr approve " + std::to_string(operation_.number) +
                      " --reason TEXT`, then `deployctl dr resume`";
    }
    return end;
}

std::string DisasterRun::lock_reason() const {
    return std::string(engine::to_text(plan_.exercise)) + " " + operation_.id;
}

engine::StageEnd DisasterRun::hold(const DisasterStage& stage) {
    LockOrder order{plan_.app, stage.environment, operation_.by, lock_reason()};
    StageEnd end;
    try {
        const auto standing = find_lock(session_, stage.environment);
        if (standing && standing->reason == order.reason) {
            end.detail = "locked already";
            return end;
        }
        if (standing) {
            end.outcome =
                plan_.exercise == Exercise::drill ? StageOutcome::failed : StageOutcome::skipped;
            end.detail = engine::to_text(*standing);
            return end;
        }
        put_lock(session_, order);
    } catch (const Error& error) {
        // What has failed may well be out of reach: a failover goes on, and says so.
        if (plan_.exercise != Exercise::failover) {
            throw;
        }
        end.outcome = StageOutcome::skipped;
        end.detail = std::string("its cluster cannot be locked: ") + error.what() +
                     "; whoever reaches it can still begin a rollout there";
    }
    return end;
}

engine::StageEnd DisasterRun::open(const DisasterStage& stage) {
    StageEnd end;
    const auto standing = find_lock(session_, stage.environment);
    // A failback ends what its failover has begun, and nothing else does.
    const bool is_failovers = plan_.exercise == Exercise::failback && standing &&
                              standing->reason.starts_with("failover ");
    const bool is_ours = standing && (standing->reason == lock_reason() || is_failovers);
    if (!standing) {
        end.detail = "it is not locked";
    } else if (is_ours) {
        const LockOrder order{plan_.app, stage.environment, operation_.by, lock_reason()};
        take_lock_away(session_, order, *standing);
    } else {
        end.outcome = StageOutcome::skipped;
        end.detail = engine::to_text(*standing);
    }
    return end;
}

/// Planned again with nothing agreed to: it passes where nothing has to be changed.
engine::StageEnd DisasterRun::check_stack(const DisasterStage& stage) {
    if (!configuration_.infra.stacks.contains(plan_.stack)) {
        return failed("deploy.yaml has no stack " + plan_.stack + " any more");
    }
    TaskOrder order;
    order.target.app = plan_.app;
    order.target.environment = stage.environment;
    StackWork work;
    work.stack = plan_.stack;
    work.settings = stack_settings(configuration_, order.target, plan_.stack);
    work.program = configuration_.infra.program;
    work.configuration_hash = plugins::terraform::hash_of_module(work.settings.dir);
    order.name = "dr-" + plan_.stack;
    order.task.work = work;
    order.task.timeout = work.settings.timeout;
    order.rollout = operation_.id;
    order.version = plan_.version;
    order.attempt.id = session_.parts.ids().next();
    const auto report =
        wait_for(session_.parts, session_.parts.outside().tasks.run(std::move(order)));
    StageEnd end;
    end.detail = report.detail;
    if (report.end != TaskEnd::done) {
        end.outcome = StageOutcome::failed;
        end.detail += "; `deployctl infra apply " + plan_.stack + " -e " + stage.environment +
                      "`, then `deployctl dr resume`";
    }
    return end;
}

void DisasterRun::note(const OperationEvent& event) {
    auto& operations = session_.parts.operations();
    const bool is_mine = wait_for(
        session_.parts, operations.note_operation(operation_.id, operation_.runner, event)
    );
    if (!is_mine) {
        throw Error(
            ExitCode::locked,
            "another runner has taken this " + std::string(engine::to_text(plan_.exercise)),
            "`deployctl dr status` shows who"
        );
    }
}

void DisasterRun::end_as(OperationState state, const std::string& reason) {
    operation_.state = state;
    operation_.reason = reason.empty() ? operation_.reason : reason;
    static_cast<void>(
        wait_for(session_.parts, session_.parts.operations().end_operation(operation_))
    );
}

/// A drill ends where it fails, and lets go of what it has locked; all else waits for `dr resume`.
ExitCode DisasterRun::stop_at(std::size_t number, const StageEnd& end) {
    auto& terminal = session_.terminal;
    const auto name = std::to_string(operation_.number);
    const auto stage = std::string(engine::to_text(plan_.stages[number].step));
    if (end.outcome == StageOutcome::paused) {
        terminal.err << "It stands still: `deployctl dr resume " << name << "` goes on.\n"
                     << std::flush;
        return ExitCode::paused;
    }
    if (plan_.exercise != Exercise::drill) {
        terminal.err << "The " << engine::to_text(plan_.exercise) << " stands at `" << stage
                     << "`. Mend it, then `deployctl dr resume " << name
                     << "`; `deployctl dr abandon " << name << " --reason TEXT` gives it up.\n"
                     << std::flush;
        return ExitCode::not_rolled_back;
    }
    for (auto later = number + 1; later < plan_.stages.size(); ++later) {
        if (plan_.stages[later].step == DisasterStep::open) {
            static_cast<void>(run_stage(later));
        }
    }
    operation_.result = Value::map({{"failed_stage", stage}, {"version", plan_.version}});
    end_as(OperationState::failed, stage + ": " + end.detail);
    terminal.err << "The drill has failed; the traffic stayed where it was.\n" << std::flush;
    return ExitCode::rolled_back;
}

ExitCode DisasterRun::conclude() {
    auto& parts = session_.parts;
    const auto events = wait_for(parts, parts.operations().operation_events(operation_.id));
    const auto trail = engine::read_trail(plan_, events);
    const auto figures = engine::figures_of(plan_, trail, operation_.started);
    operation_.result = engine::to_value(figures, plan_);
    operation_.result.set("/version", plan_.version);
    operation_.result.set("/digest", plan_.digest);
    operation_.result.set("/from", plan_.from);
    operation_.result.set("/to", plan_.to);
    const bool is_measured_bad = !figures.rto_met || (figures.rpo.has_value() && !figures.rpo_met);
    const bool has_failed = plan_.exercise == Exercise::drill && is_measured_bad;
    const auto said = engine::to_text(figures, plan_);
    end_as(has_failed ? OperationState::failed : OperationState::done, has_failed ? said : "");
    Result result;
    result.value = to_value(operation_);
    result.names = {std::to_string(operation_.number)};
    result.text = [&](const Style& style) {
        return sign(style, has_failed ? Sign::failed : Sign::done) + " " +
               engine::to_text(plan_.exercise) + " " + std::to_string(operation_.number) + ": " +
               printable(plan_.from) + " " + arrow(style) + " " + printable(plan_.to) + ", " +
               printable(plan_.version) + "\n  " + said + "\n";
    };
    print(session_, result);
    return has_failed ? ExitCode::rolled_back : ExitCode::done;
}

void need_silent_runner(Session& session, const RunChoices& choices, const Operation& operation) {
    const auto& runners = session.parts.runners();
    const auto liveness = runners.liveness(operation.runner);
    if (liveness == Liveness::dead || operation.runner == runners.self() || choices.takeover) {
        return;
    }
    throw Error(
        ExitCode::locked,
        operation.kind + " " + std::to_string(operation.number) + " is run by " +
            operation.runner.identity + " on " + operation.runner.host + ", pid " +
            std::to_string(operation.runner.pid) +
            (liveness == Liveness::alive ? ", which is alive"
                                         : ", of which nothing is known from here"),
        "look there; --takeover goes on here all the same"
    );
}

}  // namespace deployctl::cli
