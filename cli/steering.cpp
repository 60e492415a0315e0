// SPDX-License-Identifier: Apache-2.0
#include "cli/steering.hpp"

#include "cli/finding.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/output/words.hpp"
#include "cli/watching.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

constexpr Duration time_to_answer = seconds(15);

void print_line(Session& session, const RolloutRecord& rollout, const std::string& text) {
    Result result;
    result.value = Value::map({
        {"rollout", to_value(rollout)},
        {"cause", nullptr},
        {"exit", 0},
        {"no_change", true},
    });
    result.names = {std::to_string(rollout.number)};
    result.text = [&](const Style& style) {
        return sign(style, sign_of(rollout.state)) + " " + printable(text) + "\n";
    };
    print(session, result);
}

bool is_back(RequestKind kind) {
    return kind == RequestKind::abort || kind == RequestKind::rollback;
}

/// Up to where the wish is fulfilled.
WatchOrder order_for(const RolloutRecord& rollout, RequestKind kind, std::int64_t seen) {
    WatchOrder order;
    order.rollout = rollout.id;
    order.after = seen;
    if (kind == RequestKind::pause) {
        order.until = RolloutState::paused;
    } else if (!is_back(kind)) {
        order.until_event = "rollout.request";
    }
    return order;
}

Task<Event> last_event(Store* journal, RolloutId id) {
    const auto events = co_await journal->events(id, 0);
    co_return events.empty() ? Event() : events.back();
}

std::string runner_of(const RolloutRecord& rollout) {
    return "its runner (pid " + std::to_string(rollout.owner.pid) + " on " + rollout.owner.host +
           ")";
}

/// At once: whoever is asked may hang, and then nothing comes for a while.
void tell_who_is_asked(Session& session, const RolloutRecord& rollout, const Event& last) {
    auto& terminal = session.terminal;
    if (session.globals.look.progress == ProgressStyle::quiet) {
        return;
    }
    const auto silence = std::chrono::floor<seconds>(session.parts.clock().now() - last.at);
    terminal.err << printable(
                        "asking " + runner_of(rollout) + ", whose last word was " +
                        to_short_text(std::max(Duration{}, Duration(silence))) + " ago; it has " +
                        deployctl::to_text(time_to_answer) + " to answer, --takeover does not wait"
                    )
                 << "\n"
                 << std::flush;
}

ExitCode run_here(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RequestKind kind
) {
    return run_on(session, choices, rollout, [&](engine::Ports ports, engine::RunOptions options) {
        options.lock = lock_policy(choices);
        if (kind == RequestKind::retry) {
            return engine::retry(ports, rollout, options);
        }
        return is_back(kind) ? engine::turn_back(ports, rollout, kind, options)
                             : engine::resume(ports, rollout, options);
    });
}

/// A living runner looks for wishes several times a second: this one hangs, or was stopped. Its
/// lock runs out, and the fence keeps it from writing once it wakes. A pause needs a runner, and
/// waits for the next one.
ExitCode go_on_without(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RequestKind kind
) {
    const auto runner = runner_of(rollout) + " has not answered for " +
                        deployctl::to_text(time_to_answer) + ": it hangs, or was stopped";
    auto& terminal = session.terminal;
    terminal.err << sign(terminal.err_style, Sign::attention) << " " << printable(runner) << "\n";
    if (kind == RequestKind::pause) {
        const auto number = std::to_string(rollout.number);
        print_line(
            session,
            rollout,
            "rollout " + describe(rollout, terminal.out_style) +
                ": pause recorded, not taken; whoever runs it next will find it. Without this "
                "runner: `deployctl rollout resume " +
                number + " --takeover` lets it stand here, `deployctl rollout abort " + number +
                " --takeover --reason TEXT` sends it back"
        );
        return ExitCode::stopped_watching;
    }
    terminal.err << "  going on here as soon as its lock has run out; --takeover takes it at once\n"
                 << std::flush;
    return run_here(session, choices, rollout, kind);
}

ExitCode ask_runner(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RequestKind kind
) {
    auto& parts = session.parts;
    const auto last = wait_for(parts, last_event(&parts.journal(), rollout.id));
    tell_who_is_asked(session, rollout, last);
    const Request request{0, kind, parts.runners().self().identity, choices.reason};
    parts.drive(parts.store().make_request(rollout.id, request));
    const auto views = make_progress(session, progress_of(session, rollout, choices.events));
    auto order = order_for(rollout, kind, last.seq);
    order.timeout = choices.timeout;
    order.heard_within = time_to_answer;
    auto end = wait_for(parts, watch(&parts, views.get(), order));
    views->close();
    if (end.is_unheard) {
        return go_on_without(session, choices, end.rollout, kind);
    }
    if (is_terminal(end.rollout.state) || end.exit != ExitCode::done) {
        const bool is_wish = is_back(kind) && end.rollout.state == RolloutState::rolled_back;
        return conclude(
            session, {end.rollout, end.cause, is_wish ? ExitCode::done : end.exit}, choices.summary
        );
    }
    print_line(
        session,
        end.rollout,
        "rollout " + describe(end.rollout, session.terminal.out_style) + ": " + to_text(kind) +
            " taken"
    );
    return ExitCode::done;
}

/// The request waits in the journal: whoever resumes the rollout finds it paused.
ExitCode record_pause(Session& session, const RunChoices& choices, const RolloutRecord& rollout) {
    auto& parts = session.parts;
    const auto number = std::to_string(rollout.number);
    const auto way_on = "deployctl rollout resume " + number + ", or deployctl rollout abort " +
                        number + " --reason TEXT";
    if (rollout.state != RolloutState::running) {
        throw Error(
            ExitCode::paused,
            "nobody runs rollout " + describe(rollout, session.terminal.err_style) +
                ": it stands still already",
            way_on
        );
    }
    const auto waiting = wait_for(parts, parts.store().pending_requests(rollout.id));
    const bool is_asked = std::ranges::any_of(waiting, [](const Request& request) {
        return request.kind == RequestKind::pause;
    });
    if (!is_asked) {
        const Request request{
            0, RequestKind::pause, parts.runners().self().identity, choices.reason
        };
        parts.drive(parts.store().make_request(rollout.id, request));
    }
    print_line(
        session,
        rollout,
        "rollout " + describe(rollout, session.terminal.out_style) +
            ": pause recorded; no runner is alive, and the next " + "`deployctl rollout resume " +
            number + "` will find it paused"
    );
    return ExitCode::done;
}

}  // namespace

ExitCode steer(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RequestKind kind
) {
    need_writable_files(session, choices);
    if (is_terminal(rollout.state)) {
        print_line(
            session,
            rollout,
            "nothing to do: rollout " + describe(rollout, session.terminal.out_style) + " has ended"
        );
        return ExitCode::done;
    }
    if (kind == RequestKind::retry) {
        const auto cause = wait_for(session.parts, session.parts.journal().cause(rollout.id));
        engine::need_retry(rollout, cause);
    }
    const bool is_alive = session.parts.runners().liveness(rollout.owner) == Liveness::alive;
    if (is_alive && !choices.takeover) {
        return ask_runner(session, choices, rollout, kind);
    }
    if (kind == RequestKind::pause) {
        return record_pause(session, choices, rollout);
    }
    return run_here(session, choices, rollout, kind);
}

}  // namespace deployctl::cli
