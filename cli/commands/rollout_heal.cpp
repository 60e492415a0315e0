// SPDX-License-Identifier: Apache-2.0
// heal: the promoted release of an app is looked after. Doomed pods are restarted, a few at a time
// and not for ever; what fails inside the bake window goes back; the rest is told to a person.
#include "cli/commands/verbs.hpp"
#include "cli/connection.hpp"
#include "cli/heal_hindrance.hpp"
#include "cli/locating.hpp"
#include "cli/operating.hpp"
#include "cli/output/result.hpp"
#include "cli/reading.hpp"
#include "cli/returning.hpp"
#include "engine/healing.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

constexpr auto heal_kind = "heal";
constexpr auto restarted_event = "pod.restarted";
constexpr int usual_restarts = 3;
constexpr Duration window_of_restarts = std::chrono::hours(1);

struct Options {
    std::optional<Duration> every;
    std::optional<Duration> bake;
    std::optional<int> restarts;
    bool once = false;
    bool dry_run = false;
    RunChoices run;
};

/// What one round has found and done.
struct Round {
    ExitCode exit = ExitCode::done;
    std::string headline;
    std::vector<std::string> restarted;
    engine::Diagnosis seen;
};

/// The release that is looked after, and where.
struct Patient {
    RolloutRecord release;
    Plan plan;
    ClusterChoice cluster;
};

Patient find_patient(Session& session) {
    const auto located = locate_app(session, "");
    RolloutFilter filter;
    filter.app = located.target.app;
    filter.environment = located.target.environment;
    filter.order = RolloutFilter::Order::end;
    auto rollouts = wait_for(session.parts, session.parts.journal().list(filter));
    std::erase_if(rollouts, [&](const RolloutRecord& one) {
        return !(one.target == located.target);
    });
    Patient patient;
    const auto promoted =
        std::ranges::find(rollouts, RolloutState::promoted, &RolloutRecord::state);
    if (promoted == rollouts.end()) {
        throw Error(
            ExitCode::blocked,
            "no promoted release of " + located.target.app + " is recorded in this journal",
            "heal looks after what a rollout has verified; nothing was changed"
        );
    }
    patient.release = *promoted;
    patient.plan = read_plan_of(session, *promoted);
    patient.cluster = connect_to(session, *promoted);
    return patient;
}

Task<int> count_restarts(Operations* operations, Target target, WallTime since) {
    OperationFilter filter;
    filter.app = target.app;
    filter.environment = target.environment;
    filter.kind = heal_kind;
    const auto found = co_await operations->operations(filter);
    int restarts = 0;
    for (const auto& one : found) {
        const auto events = co_await operations->operation_events(one.id);
        restarts += static_cast<int>(std::ranges::count_if(events, [&](const auto& event) {
            return event.type == restarted_event && event.at >= since;
        }));
    }
    co_return restarts;
}

Operation new_operation(Session& session, const Patient& patient) {
    Operation operation;
    operation.id = session.parts.ids().next();
    operation.kind = heal_kind;
    operation.app = patient.release.target.app;
    operation.environment = patient.release.target.environment;
    operation.subject = patient.plan.workload;
    operation.reason = "keeps " + patient.release.next_version + " verified";
    operation.started = session.parts.clock().now();
    return operation;
}

/// Said before the pod is deleted: one that nobody has heard of must not be gone.
Task<bool> restart_one(Parts* parts, Patient patient, Operation operation, engine::DoomedPod pod) {
    auto* const cluster = &parts->cluster(patient.cluster);
    const auto& target = patient.release.target;
    OperationEvent event;
    event.at = parts->clock().now();
    event.type = restarted_event;
    event.data = Value::map({{"pod", pod.name}, {"uid", pod.uid}, {"why", pod.why}});
    const bool is_ours =
        co_await parts->operations().note_operation(operation.id, operation.runner, event);
    if (!is_ours) {
        co_return false;
    }
    const auto reply = co_await engine::restart(cluster, target, pod);
    co_return reply.answer == WriteAnswer::done || reply.answer == WriteAnswer::unknown;
}

bool is_baking(const Options& options, const Patient& patient, WallTime now) {
    const auto promoted = patient.release.ended.value_or(patient.release.started);
    return options.bake && now - promoted <= *options.bake;
}

std::string ready_text(const engine::Diagnosis& seen) {
    return std::to_string(seen.ready) + " of " + count_of(seen.wanted, "pod") + " ready";
}

std::string first_trouble(const engine::Diagnosis& seen) {
    if (!seen.doomed.empty()) {
        return "Pod/" + seen.doomed.front().name + ": " + seen.doomed.front().why;
    }
    return seen.stuck.empty() ? "" : seen.stuck.front();
}

/// True: a rollout has come meanwhile, and its pods are its own.
bool is_hindered(Session& session, const Patient& patient, Round& round) {
    const auto found = find_hindrance(session, patient.release.target, patient.cluster);
    if (found) {
        round.exit = found->exit;
        round.headline = found->headline;
    }
    return found.has_value();
}

/// Restarts in turns, until it is well, or the pods that may be restarted are used up, or they are
/// somebody else's.
void treat(
    Session& session, const Patient& patient, const Operation& operation, Round& round, int left
) {
    auto& parts = session.parts;
    auto* const cluster = &parts.cluster(patient.cluster);
    while (left > 0) {
        const auto chosen = engine::choose_restarts(round.seen, left);
        if (chosen.empty()) {
            return;
        }
        for (const auto& pod : chosen) {
            if (is_hindered(session, patient, round)) {
                return;
            }
            if (wait_for(parts, restart_one(&parts, patient, operation, pod))) {
                round.restarted.push_back(pod.name + " (" + pod.why + ")");
            }
            --left;
        }
        const auto patience = patient.plan.timeouts.first_ready;
        round.seen = wait_for(
            parts, engine::await_recovery(cluster, &parts.clock(), patient.plan, patience)
        );
    }
}

void end(Session& session, const Operation& operation, const Round& round) {
    const bool is_healed = round.exit == ExitCode::done;
    const auto state = is_healed                             ? OperationState::done
                       : round.exit == ExitCode::rolled_back ? OperationState::undone
                                                             : OperationState::needs_human;
    auto result = Value::map({{"headline", round.headline}});
    result.set("/restarted", lines_value(round.restarted));
    end_operation(session, operation, state, std::move(result));
}

/// A late failure: the release was promoted, and is not fit for it any more.
void fall_back(const Options& options, Session& session, const Patient& patient, Round& round) {
    const auto now = session.parts.clock().now();
    const auto trouble = first_trouble(round.seen);
    if (!is_baking(options, patient, now) || !round.seen.runs_release) {
        round.exit = ExitCode::paused;
        round.headline = ready_text(round.seen) + "; " + trouble +
                         (round.seen.budget.empty() ? "" : "; " + round.seen.budget);
        return;
    }
    auto choices = options.run;
    choices.reason = "late failure of " + patient.release.next_version + ": " + trouble;
    auto globals = session.globals;
    globals.consent.yes = true;  // nobody is there to be asked
    Session unattended{globals, session.terminal, session.parts, session.environment};
    const auto exit = return_from(unattended, choices, patient.release, {});
    round.exit = exit == ExitCode::done ? ExitCode::rolled_back : exit;
    round.headline = choices.reason + "; " +
                     (exit == ExitCode::done ? "back on " + patient.release.previous_version
                                             : "the way back has not been walked to its end");
}

void work(
    const Options& options,
    Session& session,
    const Patient& patient,
    const Operation& operation,
    Round& round
) {
    auto& parts = session.parts;
    const auto since = parts.clock().now() - window_of_restarts;
    const auto used =
        wait_for(parts, count_restarts(&parts.operations(), patient.release.target, since));
    const int allowed = options.restarts.value_or(usual_restarts);
    treat(session, patient, operation, round, allowed - used);
    if (is_hindered(session, patient, round)) {
        return;
    }
    if (round.seen.is_well()) {
        round.headline = "healed: " + ready_text(round.seen);
    } else {
        fall_back(options, session, patient, round);
    }
}

void act(const Options& options, Session& session, const Patient& patient, Round& round) {
    auto wanted = new_operation(session, patient);
    wanted.plan =
        Value::map({{"pods", round.seen.doomed.size()}, {"headline", first_trouble(round.seen)}});
    const auto operation = begin_operation(session, wanted);
    in_operation(session, operation, [&] { work(options, session, patient, operation, round); });
    end(session, operation, round);
}

Round look_after(const Options& options, Session& session) {
    Round round;
    const auto patient = find_patient(session);
    if (is_hindered(session, patient, round)) {
        return round;
    }
    auto& parts = session.parts;
    auto* const cluster = &parts.cluster(patient.cluster);
    round.seen = wait_for(parts, engine::examine(cluster, &parts.clock(), patient.plan));
    const auto& seen = round.seen;
    if (!seen.runs_release) {
        round.exit = ExitCode::paused;
        round.headline = "another version runs than the one that was verified, " +
                         patient.release.next_version + ": nothing is restarted";
    } else if (seen.is_well()) {
        round.exit = seen.drift.empty() ? ExitCode::done : ExitCode::paused;
        round.headline = patient.release.next_version + " is well: " + ready_text(seen);
    } else if (options.dry_run) {
        round.exit = ExitCode::changes_pending;
        round.headline = ready_text(seen) + "; " + first_trouble(seen);
    } else {
        act(options, session, patient, round);
    }
    return round;
}

void tell(Session& session, const Round& round) {
    Value::Array restarted;
    for (const auto& pod : round.restarted) {
        restarted.push_back(pod);
    }
    Value::Array drift;
    for (const auto& line : round.seen.drift) {
        drift.push_back(line);
    }
    Result result;
    result.value = Value::map({
        {"headline", round.headline},
        {"ready", round.seen.ready},
        {"wanted", round.seen.wanted},
        {"restarted", std::move(restarted)},
        {"drift", std::move(drift)},
        {"exit", static_cast<int>(round.exit)},
    });
    result.names = round.restarted;
    result.text = [&round](const Style& style) {
        const auto mark = round.exit == ExitCode::done          ? Sign::done
                          : round.exit == ExitCode::rolled_back ? Sign::back
                                                                : Sign::failed;
        std::string text = sign(style, mark) + " " + printable(round.headline) + "\n";
        for (const auto& pod : round.restarted) {
            text += "  restarted " + printable(pod) + "\n";
        }
        for (const auto& line : round.seen.drift) {
            text += "  changed by somebody else: " + printable(line) + "\n";
        }
        return text;
    };
    print(session, result);
}

ExitCode run(const Options& options, Session& session) {
    if (options.restarts.value_or(0) < 0) {
        throw Error(ExitCode::usage, "--restarts takes no number below 0");
    }
    if (options.every && *options.every < seconds(1)) {
        throw Error(ExitCode::usage, "--every takes no less than 1s");
    }
    if (options.once && options.every) {
        throw Error(ExitCode::usage, "--once and --every are two answers", "say one of them");
    }
    need_writable_files(session, options.run);
    auto round = look_after(options, session);
    tell(session, round);
    while (options.every && round.exit == ExitCode::done) {
        session.parts.drive(session.parts.clock().sleep(*options.every));
        round = look_after(options, session);
        if (round.exit != ExitCode::done || !round.restarted.empty()) {
            tell(session, round);
        }
    }
    return round.exit;
}

}  // namespace

Run rollout_heal(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_flag("--once", options->once, "one look, for cron or CI (the default)");
    form.add_option(
        "--every",
        "DURATION",
        "again and again, until it goes back or somebody is needed",
        into(options->every)
    );
    form.add_option(
        "--bake",
        "DURATION",
        "so long after its promotion a release that cannot be healed goes back to the version "
        "before",
        into(options->bake)
    );
    form.add_option(
        "--restarts", "COUNT", "pods that are restarted in an hour (3)", into(options->restarts)
    );
    form.add_flag("--dry-run", options->dry_run, "tell, and change nothing; exit code 3");
    form.describe(
        "Keeps a promoted release as it was verified. Pods that will not get ready by themselves "
        "(crash loop, an image that cannot be pulled, bad configuration) are deleted, so that "
        "their ReplicaSet makes others: never more at a time than the Deployment's "
        "maxUnavailable, none that an unmet PodDisruptionBudget counts, none where no pod of the "
        "version serves, and no more than --restarts in an hour. What somebody else has changed "
        "(image, selectors, a held autoscaler) is told. What cannot be healed goes back inside "
        "--bake, and is left to somebody after it. Each restart is in the journal before it is "
        "done. Exit codes: 0 well or healed, 5 somebody is needed, 6 gone back, 9 another heal "
        "is at it."
    );
    form.add_example("deployctl rollout heal --once --bake 30m", "every minute, from cron");
    form.add_example(
        "deployctl rollout heal --every 30s --bake 1h --restarts 5", "beside the release"
    );
    form.add_example("deployctl rollout heal --dry-run -o json", "how is it?");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
