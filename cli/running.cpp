// SPDX-License-Identifier: Apache-2.0
#include "cli/running.hpp"

#include "cli/asking_interrupts.hpp"
#include "cli/connection.hpp"
#include "cli/environment_locking.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/output/why.hpp"
#include "cli/reading.hpp"
#include "cli/run_results.hpp"
#include "cli/todays_metrics.hpp"
#include "cli/wiring.hpp"
#include "cli/writable.hpp"
#include "model/image.hpp"
#include "state/maintenance.hpp"

#include <fstream>
#include <ostream>

namespace deployctl::cli {

namespace {

Headline headline_of(const Plan& plan) {
    Headline headline;
    headline.app = plan.target.app;
    headline.environment =
        plan.target.environment.empty() ? plan.target.kube_namespace : plan.target.environment;
    headline.previous_version = version_text(read_image(plan.release.previous_image));
    headline.next_version = plan.release.tag;
    headline.strategy = plan.strategy;
    headline.steps = static_cast<int>(plan.course.steps.size());
    headline.steps_back = static_cast<int>(plan.way_back.size());
    return headline;
}

/// Runs `task` in its views, and says how it ended.
ExitCode run_in_views(
    Session& session,
    const RunChoices& choices,
    const ClusterChoice& choice,
    ProgressOrder order,
    const RunTask& task
) {
    const auto result = do_in_views(session, choices, choice, std::move(order), task);
    return conclude(session, result, choices.summary);
}

ProgressOrder order_of(const Plan& plan, const std::string& events) {
    return {headline_of(plan), story_of(plan), events};
}

/// A coroutine, so that what stands between lives for as long as the run.
Task<engine::RunResult> run_with_metrics(
    std::optional<MetricsSource> source,
    RunTask task,
    engine::Ports ports,
    engine::RunOptions options
) {
    const auto& outside = ports.outside;
    TodaysMetrics metrics(outside.metrics, std::move(source));
    const Outside today{
        metrics,
        outside.http,
        outside.process,
        outside.files,
        outside.registry,
        outside.assessor,
        outside.tasks,
    };
    const engine::Ports same{
        ports.cluster,
        ports.store,
        ports.clock,
        ports.ids,
        ports.sink,
        ports.interrupts,
        ports.runners,
        today,
    };
    auto result = co_await task(same, options);
    co_return result;
}

/// Its metrics are asked where they are today; that it is elsewhere than planned is said.
RunTask with_todays_metrics(Session& session, const RolloutRecord& rollout, RunTask task) {
    const auto source = todays_source(session, rollout);
    const auto planned = read_plan_of(session, rollout).metrics;
    if (source && planned && planned->run.empty() && source->url != planned->url) {
        auto& terminal = session.terminal;
        terminal.err << sign(terminal.err_style, Sign::attention) << " metrics are asked at "
                     << printable(source->url) << ", as deploy.yaml says now, not at "
                     << printable(planned->url) << "\n"
                     << std::flush;
    }
    return [source, task = std::move(task)](engine::Ports ports, engine::RunOptions options) {
        return run_with_metrics(source, task, ports, std::move(options));
    };
}

/// The rollout has ended as it has: a page that cannot be written changes nothing of it.
void write_summary(Session& session, const std::string& path, const Ending& ending) {
    if (path.empty()) {
        return;
    }
    std::ofstream file(path, std::ios::app);
    file << summary_page(ending);
    file.close();
    if (!file) {
        auto& terminal = session.terminal;
        terminal.err << sign(terminal.err_style, Sign::attention)
                     << " the summary cannot be written to " << printable(path)
                     << "; `deployctl explain` and `show` say the same\n"
                     << std::flush;
    }
}

}  // namespace

engine::RunResult do_in_views(
    Session& session,
    const RunChoices& choices,
    const ClusterChoice& choice,
    ProgressOrder order,
    const RunTask& task
) {
    const auto views = make_progress(session, std::move(order));
    AskingInterrupts interrupts(session, *views);
    auto& parts = session.parts;
    const engine::Ports ports{
        parts.cluster(choice),
        parts.store(),
        parts.clock(),
        parts.ids(),
        *views,
        interrupts,
        parts.runners(),
        parts.outside(),
    };
    auto options = options_of(session, choices);
    options.context = choice.context;
    auto result = wait_for(parts, task(ports, options));
    views->close();
    return result;
}

void declare_run(Form& form, RunChoices& choices) {
    form.add_option(
        "--on-pause",
        "POLICY",
        "at a pause: wait for somebody, or leave with exit code 5 (default: wait at a terminal)",
        one_of<std::optional<engine::PausePolicy>, engine::PausePolicy>(
            choices.on_pause,
            {{"wait", engine::PausePolicy::wait}, {"exit", engine::PausePolicy::leave}}
        )
    );
    form.add_option(
        "--timeout",
        "DURATION",
        "hold what runs here, and leave, after so long; exit code 8",
        into(choices.timeout)
    );
    form.add_option("--reason", "TEXT", "why, for the record", into(choices.reason));
    form.add_option(
        "--events", "FILE", "every event as NDJSON, into a file or fd:3", into(choices.events)
    );
    form.add_option("--summary", "FILE", "append the result as Markdown", into(choices.summary));
}

void declare_takeover(Form& form, RunChoices& choices, std::string_view then) {
    form.add_flag(
        "--takeover",
        choices.takeover,
        "take the lock from a runner that may be alive, at once: " + std::string(then)
    );
}

engine::LockPolicy lock_policy(const RunChoices& choices) {
    return choices.takeover ? engine::LockPolicy::take_over : engine::LockPolicy::if_silent;
}

void need_writable_files(const Session& session, const RunChoices& choices) {
    need_writable(choices.events, "--events");
    need_writable(choices.summary, "--summary");
    need_writable(session.globals.look.log_file, "--log-file");
}

engine::RunOptions options_of(Session& session, const RunChoices& choices) {
    engine::RunOptions options;
    options.initiator = session.parts.runners().self().identity;
    options.reason = choices.reason;
    const auto usual =
        session.terminal.ends.can_ask ? engine::PausePolicy::wait : engine::PausePolicy::leave;
    options.on_pause = choices.on_pause.value_or(usual);
    options.timeout = choices.timeout.value_or(Duration{});
    return options;
}

ExitCode run_plan(Session& session, const RunChoices& choices, const Prepared& prepared) {
    return conclude(session, do_plan(session, choices, prepared), choices.summary);
}

engine::RunResult do_plan(Session& session, const RunChoices& choices, const Prepared& prepared) {
    if (prepared.lock == LockRule::heed) {
        refuse_if_locked(session.parts, prepared.cluster);  // put while somebody thought it over
    }
    const auto& plan = prepared.draft.plan;
    auto order = order_of(plan, choices.events);
    const RunTask start = [&](engine::Ports ports, engine::RunOptions options) {
        options.remark = prepared.freeze_override;
        return engine::start(ports, plan, options);
    };
    return do_in_views(session, choices, prepared.cluster, std::move(order), start);
}

void need_whole_chain(const Session& session, const std::string& app) {
    constexpr int newest = 1000;
    const auto path = state_path(session.globals.place);
    const auto report = state::verify_chain(path, newest, app);
    if (!report.faults.empty()) {
        throw Error(
            ExitCode::state_unreadable,
            printable(path) + " is not as it was written: " + printable(report.faults.front()),
            "nothing was changed. `deployctl state check` shows all of it; keep the file aside, "
            "and `deployctl rollout adopt`, or `rollout rollback --from-cluster`, goes on from the "
            "cluster's own record"
        );
    }
}

ExitCode run_on(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RunTask task
) {
    const auto result = do_on(session, choices, rollout, std::move(task));
    return conclude(session, result, choices.summary);
}

engine::RunResult do_on(
    Session& session, const RunChoices& choices, const RolloutRecord& rollout, RunTask task
) {
    need_whole_chain(session, rollout.target.app);
    const auto choice = connect_to(session, rollout);
    auto order = progress_of(session, rollout, choices.events);
    order.story = read_story(session, rollout).story;
    const auto asked = with_todays_metrics(session, rollout, std::move(task));
    return do_in_views(session, choices, choice, std::move(order), asked);
}

ExitCode run_from_record(
    Session& session, const RunChoices& choices, const ClusterChoice& choice, const Target& target
) {
    auto order = progress_of(target, choices.events);
    const RunTask roll_back = [&](engine::Ports ports, engine::RunOptions options) {
        options.lock = lock_policy(choices);
        return engine::roll_back_from_cluster(ports, target.app, target, options);
    };
    return run_in_views(session, choices, choice, std::move(order), roll_back);
}

ProgressOrder progress_of(const Target& target, const std::string& events) {
    ProgressOrder order;
    order.headline.app = target.app;
    order.headline.environment =
        target.environment.empty() ? target.kube_namespace : target.environment;
    order.events = events;
    return order;
}

ProgressOrder progress_of(
    Session& session, const RolloutRecord& rollout, const std::string& events
) {
    auto order = order_of(read_plan_of(session, rollout), events);
    order.headline.number = rollout.number;
    return order;
}

ExitCode conclude(Session& session, const engine::RunResult& ended, const std::string& summary) {
    const Ending ending{ended.rollout, ended.cause, ended.exit};
    auto& terminal = session.terminal;
    const bool is_good = ended.exit == ExitCode::done;
    const bool is_known = ended.rollout.number > 0;  // not where there was nothing to roll back
    if (is_good || wants_data(session)) {
        Result result;
        result.value = Value::map({
            {"rollout", is_known ? to_value(ended.rollout) : Value()},
            {"cause", to_value_or_null(ended.cause)},
            {"exit", static_cast<int>(ended.exit)},
            {"no_change", !is_known},
        });
        if (is_known) {
            result.names = {std::to_string(ended.rollout.number)};
        }
        result.text = [&ending](const Style& style) { return ending_line(ending, style); };
        print(session, result);
    }
    if (!is_good) {
        terminal.err << "\n" << why_block(ending, terminal.err_style) << std::flush;
    }
    write_summary(session, summary, ending);
    return ended.exit;
}

}  // namespace deployctl::cli
