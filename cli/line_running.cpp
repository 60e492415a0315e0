// SPDX-License-Identifier: Apache-2.0
#include "cli/line_running.hpp"

#include "cli/deploy_file.hpp"
#include "cli/gate_trial.hpp"
#include "cli/leg_place.hpp"
#include "cli/line_finding.hpp"
#include "cli/output/line_view.hpp"
#include "cli/output/result.hpp"
#include "cli/question.hpp"
#include "cli/targeting.hpp"
#include "model/text.hpp"
#include "promotion/line_json.hpp"

#include <algorithm>
#include <map>
#include <ostream>

namespace deployctl::cli {

namespace {

using promotion::Course;
using promotion::Leg;
using promotion::Line;
using promotion::LineKind;
using promotion::Next;
using promotion::Note;

constexpr Duration longest_nap = seconds(1);

/// Its rollouts say which line they belong to.
LineChoices with_reason(LineChoices choices, const Operation& operation) {
    auto& reason = choices.run.reason;
    reason = told(operation) + (reason.empty() ? "" : ": " + reason);
    return choices;
}

/// One walk of a line in this process. Each step notes what it is about to do before it does it.
class LineRun {
public:
    LineRun(Session& session, Operation operation, const LineChoices& choices)
        : session_(session),
          operation_(std::move(operation)),
          line_(promotion::read_line(operation_.plan)),
          choices_(with_reason(choices, operation_)),
          legs_(session, line_, choices_) {}

    ExitCode walk() {
        for (;;) {
            const auto course = read_course();
            const auto next = next_of(line_, course);
            if (next.kind == Next::Kind::end) {
                return end(course, next.state);
            }
            if (const auto left = take(next, course)) {
                return leave(read_course(), *left);  // with the leg that has begun since
            }
        }
    }

private:
    /// The exit code where this process has to leave the line as it is.
    std::optional<ExitCode> take(const Next& next, const Course& course) {
        switch (next.kind) {
            case Next::Kind::begin: return begin(*next.leg, next.not_before);
            case Next::Kind::go_on: return keep(*next.leg, resume(*next.leg, course));
            case Next::Kind::send_back: return send_back(*next.leg, course);
            case Next::Kind::ask_gates: ask_common_gates(); break;
            case Next::Kind::end: break;
        }
        return std::nullopt;
    }

    std::optional<ExitCode> begin(const Leg& leg, std::optional<WallTime> not_before) {
        if (not_before && !wait_until(leg, *not_before)) {
            return ExitCode::stopped_watching;
        }
        for (const auto& needed : leg.needs) {
            const auto illness = legs_.look(*find_leg(line_, needed));
            if (!illness.empty()) {
                note({Note::Kind::failed, leg.name, "", ExitCode::blocked, illness});
                return std::nullopt;
            }
        }
        say(Sign::running, leg.name + ": " + line_.version);
        note({Note::Kind::began, leg.name});
        return keep(leg, legs_.bring_out(leg));
    }

    LegEnd resume(const Leg& leg, const Course& course) {
        say(Sign::running, leg.name + ": going on");
        return legs_.go_on(leg, course.at(leg.name).since);
    }

    std::optional<ExitCode> keep(const Leg& leg, const LegEnd& end) {
        if (end.kind == LegEnd::Kind::left) {
            return end.exit;
        }
        const bool is_good = end.kind == LegEnd::Kind::good;
        note({
            is_good ? Note::Kind::stood : Note::Kind::failed,
            leg.name,
            end.rollout,
            end.exit,
            end.why,
        });
        say(is_good ? Sign::done : Sign::failed,
            leg.name + (is_good ? " has " + line_.version : " failed: " + end.why));
        return std::nullopt;
    }

    std::optional<ExitCode> send_back(const Leg& leg, const Course& course) {
        const auto& so_far = course.at(leg.name);
        std::optional<WallTime> since;
        if (so_far.state == promotion::LegCourse::State::going_back) {
            since = so_far.since;
        } else {
            note({Note::Kind::going_back, leg.name});
        }
        say(Sign::back, leg.name + " goes back");
        const auto end = legs_.send_back(leg, so_far.rollout, since);
        if (end.kind == LegEnd::Kind::left) {
            return end.exit;
        }
        const bool is_good = end.kind == LegEnd::Kind::good;
        const auto kind = is_good ? Note::Kind::came_back : Note::Kind::did_not;
        note({kind, leg.name, end.rollout, end.exit, end.why});
        return std::nullopt;
    }

    void ask_common_gates() {
        LegPlace place(session_, line_.legs.front().place.environment, "");
        auto& there = place.session();
        const auto configuration = need_deploy_file(there.globals.place);
        const auto found = configuration.environments.find(there.globals.place.environment);
        Environment environment;
        environment.name = line_.legs.front().place.environment;
        environment.context = line_.legs.front().place.context;
        environment.kube_namespace = line_.legs.front().place.kube_namespace;
        if (found != configuration.environments.end()) {
            environment = found->second;
        }
        const auto why = ask_gates(there, configuration, environment, line_.gates);
        say(why.empty() ? Sign::done : Sign::failed, why.empty() ? "the gates of all pass" : why);
        const auto kind = why.empty() ? Note::Kind::gates_passed : Note::Kind::gates_failed;
        note({kind, "", "", ExitCode::done, why});
    }

    /// False where somebody wants the program to end meanwhile. What is left is taken from the wall
    /// clock once, and then waited for whatever is done to that clock.
    bool wait_until(const Leg& leg, WallTime time) {
        auto& clock = session_.parts.clock();
        const Duration left = time - clock.now();
        if (left <= Duration::zero()) {
            return true;
        }
        say(Sign::waiting,
            leg.name + " begins in " + to_short_text(std::chrono::ceil<seconds>(left)) +
                ", after " + deployctl::to_text(leg.soak));
        const auto begun = clock.boot_time();
        for (auto waited = Duration::zero(); waited < left; waited = clock.boot_time() - begun) {
            if (session_.parts.interrupts().take()) {
                return false;
            }
            session_.parts.drive(clock.sleep(std::min(longest_nap, left - waited)));
        }
        return true;
    }

    Course read_course() {
        return promotion::course_of(
            wait_for(session_.parts, session_.parts.operations().operation_events(operation_.id))
        );
    }

    void note(const Note& note) {
        auto& parts = session_.parts;
        const auto event = to_event(note);
        const bool is_ours = wait_for(
            parts, parts.operations().note_operation(operation_.id, operation_.runner, event)
        );
        if (!is_ours) {
            throw Error(
                ExitCode::locked,
                "another runner goes on with " + printable(told(operation_)) + " by now",
                "this one has stopped"
            );
        }
    }

    void say(Sign which, const std::string& words) {
        if (session_.globals.look.progress != ProgressStyle::quiet) {
            auto& terminal = session_.terminal;
            terminal.err << sign(terminal.err_style, which) << " " << printable(words) << "\n"
                         << std::flush;
        }
    }

    /// It stays open: whoever resumes it goes on from here.
    ExitCode leave(const Course& course, ExitCode exit) {
        auto& terminal = session_.terminal;
        terminal.err << draw_left(operation_, line_, course, terminal.err_style) << std::flush;
        return exit;
    }

    ExitCode end(const Course& course, OperationState state) {
        const auto exit = exit_of(line_, course, state);
        operation_.state = state;
        operation_.result = result_of(line_, course);
        auto& parts = session_.parts;
        parts.drive(finish(&parts.operations(), operation_));
        print_end(session_, {operation_, line_, course, exit});
        return exit;
    }

    static Task<> finish(Operations* operations, Operation operation) {
        const bool is_ours = co_await operations->end_operation(operation);
        if (!is_ours) {
            throw Error(ExitCode::locked, "another runner goes on with this operation by now");
        }
    }

    Session& session_;
    Operation operation_;
    Line line_;
    LineChoices choices_;
    LegRunner legs_;
};

/// Why one of its legs could not start now: locks and all else of each; a freeze of today counts
/// for the first, and is told of the others.
void check_line(Session& session, promotion::Draft& draft, const LineChoices& choices) {
    const auto& line = draft.line;
    LegRunner legs(session, line, choices);
    auto freeze = choices.order.freeze;
    std::map<std::string, std::string> names;  // of legs, by the place that their clusters name
    for (const auto& leg : line.legs) {
        const auto found = legs.check(leg, freeze);
        const auto& at = found.target;
        const auto place = at.cluster_uid + "/" + at.kube_namespace + "/" + at.app;
        const auto [known, is_new] = names.emplace(place, leg.name);
        if (!is_new && !at.cluster_uid.empty()) {
            draft.refusals.push_back(
                leg.name + " is the same place as " + known->second + ": " + at.app +
                " in namespace " + at.kube_namespace + " of one cluster"
            );
        }
        if (!found.why_not.empty()) {
            draft.refusals.push_back(leg.name + ": " + found.why_not);
        }
        if (!found.freeze.empty()) {
            draft.warnings.push_back(leg.name + ": " + found.freeze);
        }
        if (line.kind == LineKind::promotion) {
            freeze.kind = FreezeRule::Kind::ahead;  // by then it may be over
        }
    }
}

ExitCode run_line(Session& session, const Line& line, const LineChoices& choices) {
    Operation operation;
    auto& parts = session.parts;
    operation.id = parts.ids().next();
    operation.kind = to_text(line.kind);
    operation.app = line.name;
    operation.environment = line.legs.back().place.environment;
    operation.subject = line.version;
    operation.by = parts.runners().self().identity;
    operation.reason = choices.run.reason;
    operation.runner = parts.runners().self();
    operation.plan = promotion::to_value(line);
    const auto begun = wait_for(parts, parts.operations().begin_operation(operation));
    if (begun.kind == BeginOperation::Kind::another_is_running) {
        throw Error(
            ExitCode::locked,
            printable(told(begun.operation)) + " has not ended",
            "--resume " + std::to_string(begun.operation.number) + " goes on with it"
        );
    }
    LineRun run(session, begun.operation, choices);
    return run.walk();
}

/// A file would be begun anew by each leg.
void need_one_stream(const LineChoices& choices) {
    const auto& events = choices.run.events;
    if (!events.empty() && !events.starts_with("fd:")) {
        throw Error(
            ExitCode::usage,
            "--events of several rollouts goes to a descriptor, and not to a file",
            "--events fd:3 3>" + printable(events)
        );
    }
}

void refuse_if_refused(const std::vector<std::string>& refusals) {
    if (!refusals.empty()) {
        throw Error(ExitCode::blocked, join(refusals, "; "), "nothing was changed");
    }
}

void print_draft(Session& session, const promotion::Draft& draft) {
    Result result;
    result.value = to_value(draft);
    for (const auto& leg : draft.line.legs) {
        result.names.push_back(leg.name);
    }
    result.text = [&draft](const Style& style) { return draw(draft, style); };
    print(session, result);
}

}  // namespace

ExitCode start_line(
    Session& session, promotion::Draft draft, const LineChoices& choices, Mode mode
) {
    need_one_stream(choices);
    const auto& line = draft.line;
    if (draft.refusals.empty() || mode == Mode::dry_run) {
        check_line(session, draft, choices);
    }
    auto& terminal = session.terminal;
    if (mode == Mode::dry_run || (line.legs.empty() && draft.refusals.empty())) {
        print_draft(session, draft);
        refuse_if_refused(draft.refusals);
        return ExitCode::done;
    }
    if (session.globals.look.progress != ProgressStyle::quiet) {
        terminal.err << draw(draft, terminal.err_style) << std::flush;
    }
    refuse_if_refused(draft.refusals);
    if (!is_confirmed(session, std::string("Start this ") + to_text(line.kind) + "?")) {
        throw Error(ExitCode::blocked, "not started, as answered", "nothing was changed");
    }
    if (choices.replaced) {
        close_line(session, *choices.replaced, "another one was begun instead: " + line.version);
    }
    return run_line(session, line, choices);
}

ExitCode resume_line(Session& session, Operation operation, const LineChoices& choices) {
    need_one_stream(choices);
    auto& parts = session.parts;
    const auto was = operation.runner;
    operation.runner = parts.runners().self();
    const bool is_ours =
        wait_for(parts, parts.operations().take_operation(operation.id, was, operation.runner));
    if (!is_ours) {
        throw Error(
            ExitCode::locked, printable(told(operation)) + " was taken up by another runner"
        );
    }
    LineRun run(session, std::move(operation), choices);
    return run.walk();
}

}  // namespace deployctl::cli
