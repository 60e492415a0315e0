// SPDX-License-Identifier: Apache-2.0
// A task that is a Job of Kubernetes: made under a name of its attempt, so that whoever goes on
// after a crash finds it again and never starts a second one; its end is read from the object.
#include "engine/actions.hpp"
#include "engine/changes.hpp"
#include "engine/job_task.hpp"
#include "engine/objects.hpp"

namespace deployctl::engine {

namespace {

/// It ends by itself where nobody waits for it any more.
JsonPatch suspend(const Value& job) {
    if (job.flag("/spec/suspend") || has_job_ended(job)) {
        return {};
    }
    return {{job.has("/spec/suspend") ? PatchVerb::replace : PatchVerb::add, "/spec/suspend", true}
    };
}

}  // namespace

Task<> Actions::attend_job(ObjectRef ref, std::optional<Value>* seen, Task<> care) {
    co_await std::move(care);
    *seen = co_await ports_.cluster.get(ref);
}

Task<Value> Actions::words_of_job(ObjectRef ref) {
    const auto world = co_await effects_.world();
    Value::Array lines;
    for (const auto& pod : world.pods) {
        if (pod.meta.labels.contains("job-name") && pod.meta.labels.at("job-name") == ref.name) {
            LogQuery query;
            query.pod = pod.meta.name;
            query.container = pod.containers.empty() ? "" : pod.containers.front().name;
            query.lines = plan_.evidence.log_lines;
            const auto log = co_await ports_.cluster.log(query);
            lines.insert(lines.end(), log.begin(), log.end());
        }
    }
    co_return Value::map({{"job", ref.name}, {"output", std::move(lines)}});
}

/// One that has ended may have been removed since, by its own time to live.
Task<bool> Actions::job_is_there(TaskOrder order, JobWork job) {
    const auto name = make_job(plan_, order, job).text("/metadata/name");
    const ObjectRef ref{Kind::job, plan_.target.kube_namespace, name};
    const auto object = co_await ports_.cluster.get(ref);
    co_return object.has_value();
}

Task<Outcome> Actions::run_job(Step step, TaskOrder order, JobWork job) {
    const auto begun = ports_.clock.boot_time();
    const auto object = make_job(plan_, order, job);
    const auto name = object.text("/metadata/name");
    const ObjectRef ref{Kind::job, plan_.target.kube_namespace, name};
    const Change reuse = no_change;
    const auto made = co_await effects_.ensure_exists(ref, object, reuse);
    auto created = outcome_of(step, made);
    if (created.end == Outcome::End::cannot_tell) {
        co_return created;  // its create may land yet: the task stays open, under this attempt
    }
    if (created.end != Outcome::End::done) {
        const TaskReport report{TaskEnd::failed, created.cause.headline, {}};
        const Duration no_time{};
        co_await end_task(step, order, report, no_time);
        co_return created;
    }
    std::optional<Value> seen = made.object;
    const bool was_there = order.attempt.is_repeat;
    auto wait = this->order(step, [&seen, name, was_there](const World&) {
        const bool was_stopped = was_there && seen && seen->flag("/spec/suspend");
        const bool is_over = !seen || was_stopped || has_job_ended(*seen);
        return Reading{is_over, "Job/" + name + " runs", 0};
    });
    if (order.task.migration == Migration::contract) {
        wait.watch = Watch::nothing;  // half of it is worse than a bad pod, which is found after it
    }
    wait.patience = std::nullopt;
    wait.total = order.task.timeout;
    auto* const latest = &seen;
    wait.upkeep = [this, ref, latest, care = wait.upkeep](const World* world) {
        return attend_job(ref, latest, care ? care(world) : nothing_to_do());
    };
    auto outcome = co_await until_stopped(wait);
    if (outcome.end == Outcome::End::interrupted) {
        co_return outcome;  // it goes on, and whoever resumes finds it
    }
    if (outcome.end != Outcome::End::done) {
        const Change stop = suspend;
        co_await effects_.ensure(ref, stop);
        seen = co_await ports_.cluster.get(ref);  // it may have ended before it was stopped
    }
    auto report = report_of_job(seen);
    report.evidence = co_await words_of_job(ref);
    const auto took = ports_.clock.boot_time() - begun;
    auto ended = co_await end_task(step, order, report, took);
    co_return outcome.end == Outcome::End::done ? ended : outcome;
}

}  // namespace deployctl::engine
