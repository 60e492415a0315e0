// SPDX-License-Identifier: Apache-2.0
#include "cli/legs.hpp"

#include "cli/connection.hpp"
#include "cli/deploy_file.hpp"
#include "cli/environment_locking.hpp"
#include "cli/gate_trial.hpp"
#include "cli/leg_place.hpp"
#include "cli/output/plan_view.hpp"
#include "cli/output/why.hpp"
#include "cli/returning.hpp"
#include "cli/run_results.hpp"
#include "cli/standings.hpp"
#include "cli/targeting.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <ostream>

namespace deployctl::cli {

namespace {

using promotion::Leg;

bool is_left(ExitCode exit) {
    return exit == ExitCode::paused || exit == ExitCode::stopped_watching ||
           exit == ExitCode::interrupted || exit == ExitCode::terminated ||
           exit == ExitCode::locked;  // somebody else runs it now
}

Order order_of(const LineChoices& choices, const promotion::Line& line, const Leg& leg) {
    auto order = choices.order;
    order.tag = line.version;
    order.digest = leg.digest;
    order.strategy = line.strategy ? line.strategy : order.strategy;
    return order;
}

LegEnd refused(ExitCode exit, std::string why) {
    return {LegEnd::Kind::bad, "", exit, std::move(why)};
}

/// Why it may not start, and as which exit code.
std::optional<LegEnd> objection_to(const Prepared& prepared) {
    const auto& draft = prepared.draft;
    const auto& underway = prepared.underway.text;
    if (!underway.empty() && (draft.is_no_change || !draft.refusals.empty())) {
        return refused(ExitCode::locked, underway + " is active");
    }
    if (!draft.is_no_change && !draft.refusals.empty()) {
        return refused(ExitCode::blocked, join(draft.refusals, "; "));
    }
    return std::nullopt;
}

void show_plan(Session& session, const Prepared& prepared) {
    if (session.globals.look.progress != ProgressStyle::quiet) {
        auto& terminal = session.terminal;
        terminal.err
            << draw(prepared.draft, view_of(prepared, terminal.err_style, PlanView::Detail::stages))
            << std::flush;
    }
}

}  // namespace

std::vector<std::string> gates_in(
    const Configuration& configuration,
    const Environment& environment,
    std::optional<StrategyKind> strategy
) {
    if (environment.gates) {
        return *environment.gates;
    }
    const auto& all = configuration.strategies;
    switch (strategy.value_or(environment.strategy.value_or(StrategyKind::rolling))) {
        case StrategyKind::rolling: return all.rolling.gates;
        case StrategyKind::blue_green: return all.blue_green.gates;
        case StrategyKind::canary: return all.canary.gates;
    }
    return {};
}

LegRunner::LegRunner(Session& session, const promotion::Line& line, const LineChoices& choices)
    : session_(session), line_(line), choices_(choices) {}

LegCheck LegRunner::check(const Leg& leg, FreezeRule freeze) {
    LegPlace place(session_, leg);
    auto order = order_of(choices_, line_, leg);
    const bool is_ahead = freeze.kind == FreezeRule::Kind::ahead;
    order.freeze = std::move(freeze);
    const auto prepared = prepare(place.session(), order);
    const auto objection = objection_to(prepared);
    const bool is_told = is_ahead && prepared.freeze.outlook.is_frozen();
    return {
        objection ? objection->why : "",
        is_told ? prepared.freeze.text : "",
        prepared.draft.plan.target,
    };
}

LegEnd LegRunner::bring_out(const Leg& leg) {
    LegPlace place(session_, leg);
    auto& there = place.session();
    const auto prepared = prepare(there, order_of(choices_, line_, leg));
    if (auto objection = objection_to(prepared)) {
        return *objection;
    }
    if (prepared.draft.is_no_change) {
        return {LegEnd::Kind::good, "", ExitCode::done, "runs there already"};
    }
    show_plan(there, prepared);
    return end_of(do_plan(there, choices_.run, prepared));
}

LegEnd LegRunner::end_of(const engine::RunResult& result) {
    const auto& rollout = result.rollout;
    if (result.exit == ExitCode::done && rollout.state == RolloutState::promoted) {
        return {LegEnd::Kind::good, rollout.id, result.exit, ""};
    }
    const Ending ending{rollout, result.cause, result.exit};
    auto& terminal = session_.terminal;
    terminal.err << "\n" << why_block(ending, terminal.err_style) << std::flush;
    const auto kind = is_left(result.exit) && !is_terminal(rollout.state) ? LegEnd::Kind::left
                                                                          : LegEnd::Kind::bad;
    // Sent back by somebody while it ran: done for them, and not good for the line.
    const auto exit = result.exit == ExitCode::done ? ExitCode::rolled_back : result.exit;
    return {kind, rollout.id, exit, result.cause ? result.cause->headline : rollout.end_reason};
}

/// The last one of this version that was begun there since.
std::optional<RolloutRecord> LegRunner::rollout_since(
    const Leg& leg, WallTime since, const std::string& version
) {
    const auto rollouts = rollouts_in(session_, leg.app, leg.place);
    const auto found = std::ranges::find_if(rollouts, [&](const RolloutRecord& rollout) {
        return rollout.started >= since && rollout.next_version == version &&
               (rollout.state != RolloutState::aborted);
    });
    return found == rollouts.end() ? std::nullopt : std::optional(*found);
}

/// A new try is a beginning: a lock of the environment lets it only go back to its end.
bool LegRunner::may_begin(Session& there, const RolloutRecord& rollout) {
    const auto lock = find_lock(there.parts, connect_to(there, rollout));
    if (lock) {
        auto& terminal = there.terminal;
        terminal.err << sign(terminal.err_style, Sign::back) << " "
                     << printable(engine::to_text(*lock)) << ": rollout " << rollout.number
                     << " goes back to its end, and is not begun again\n"
                     << std::flush;
    }
    return !lock;
}

LegEnd LegRunner::resume(Session& there, const RolloutRecord& rollout) {
    const bool is_alive = there.parts.runners().liveness(rollout.owner) == Liveness::alive;
    if (is_alive && !choices_.run.takeover) {
        throw Error(
            ExitCode::locked,
            "rollout " + std::to_string(rollout.number) + " of this line is run by " +
                printable(rollout.owner.identity) + ", pid " + std::to_string(rollout.owner.pid),
            "deployctl rollout watch " + std::to_string(rollout.number) +
                " follows it; when it has ended, --resume goes on"
        );
    }
    const auto cause = wait_for(there.parts, there.parts.journal().cause(rollout.id));
    // Whoever interrupted it shifted its traffic away, and did not send it back.
    const bool was_interrupted = rollout.direction == Direction::back &&
                                 engine::can_retry(rollout, cause) && may_begin(there, rollout);
    const RunTask go_on = [&](engine::Ports ports, engine::RunOptions options) {
        options.lock = lock_policy(choices_.run);
        return was_interrupted ? engine::retry(ports, rollout, options)
                               : engine::resume(ports, rollout, options);
    };
    return end_of(do_on(there, choices_.run, rollout, go_on));
}

LegEnd LegRunner::go_on(const Leg& leg, WallTime since) {
    const auto rollout = rollout_since(leg, since, line_.version);
    if (!rollout) {
        return bring_out(leg);
    }
    LegPlace place(session_, leg);
    if (!is_terminal(rollout->state)) {
        return resume(place.session(), *rollout);
    }
    if (rollout->state == RolloutState::promoted) {
        return {LegEnd::Kind::good, rollout->id, ExitCode::done, ""};
    }
    return {
        LegEnd::Kind::bad,
        rollout->id,
        rollout->exit.value_or(ExitCode::rolled_back),
        rollout->end_reason,
    };
}

LegEnd LegRunner::send_back(
    const Leg& leg, const RolloutId& rollout, std::optional<WallTime> since
) {
    if (rollout.empty()) {
        return {LegEnd::Kind::good, "", ExitCode::done, "stood there before"};
    }
    LegPlace place(session_, leg);
    auto& there = place.session();
    const auto promoted = wait_for(there.parts, there.parts.journal().find(rollout));
    if (!promoted) {
        return refused(ExitCode::not_rolled_back, "its rollout is not in the journal any more");
    }
    if (since) {
        const auto begun = rollout_since(leg, *since, promoted->previous_version);
        if (begun && !is_terminal(begun->state)) {
            return resume(there, *begun);
        }
        if (begun && begun->state == RolloutState::promoted) {
            return {LegEnd::Kind::good, begun->id, ExitCode::done, ""};
        }
    }
    return take_back(there, *promoted);
}

/// What cannot be taken back is told, and the next one has its turn.
LegEnd LegRunner::take_back(Session& there, const RolloutRecord& promoted) {
    try {
        return travel_back(there, promoted);
    } catch (const Error& error) {
        if (error.exit() != ExitCode::blocked && error.exit() != ExitCode::locked) {
            throw;
        }
        return refused(ExitCode::not_rolled_back, error.what());
    }
}

LegEnd LegRunner::travel_back(Session& there, const RolloutRecord& promoted) {
    ReturnTrip trip(there, promoted, {promoted.previous_version});
    if (auto objection = objection_to(trip.prepared())) {
        return *objection;
    }
    if (trip.prepared().draft.is_no_change) {
        return {LegEnd::Kind::good, "", ExitCode::done, "runs there already"};
    }
    there.terminal.err << trip.words(there.terminal.err_style) << std::flush;
    return end_of(trip.run(choices_.run));
}

std::string LegRunner::look(const Leg& leg) {
    LegPlace place(session_, leg);
    auto& there = place.session();
    const auto configuration = need_deploy_file(there.globals.place);
    const auto environment = choose_environment(configuration, there.globals.place);
    const auto illness = find_illness(there, configuration, leg.place, {line_.version, leg.digest});
    return illness.empty() ? ask_gates(
                                 there,
                                 configuration,
                                 environment,
                                 gates_in(configuration, environment, line_.strategy)
                             )
                           : illness;
}

}  // namespace deployctl::cli
