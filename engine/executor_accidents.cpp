// SPDX-License-Identifier: Apache-2.0
// What a run makes of accidents: the connection or a permission is lost, the Lease is taken by
// somebody else, everything is gone.
#include "engine/cluster_record.hpp"
#include "engine/executor.hpp"
#include "engine/objects.hpp"

namespace deployctl::engine {

namespace {

constexpr Duration reconnect_interval = seconds(1);
constexpr int tries_to_let_go = 3;

/// A read that is refused is no verdict either: whoever holds the Lease was permitted before.
bool is_passing(const Error& error) {
    return error.exit() == ExitCode::stopped_watching || error.exit() == ExitCode::blocked;
}

/// Of a rollout under way, which nothing can block "before anything was changed".
Error lost_connection(const Error& failure) {
    if (failure.exit() == ExitCode::blocked) {
        return Error(
            ExitCode::stopped_watching,
            std::string("a permission was taken away under way: ") + failure.what(),
            "the rollout is as it was and recorded: grant it again, then `deployctl rollout resume`"
        );
    }
    return Error(
        ExitCode::stopped_watching,
        std::string("the API server cannot be reached: ") + failure.what(),
        "the rollout is as it was and recorded: `deployctl rollout resume`"
    );
}

/// For how long a step has met nothing but refusals. The Lease may well be renewed meanwhile, so
/// its trust is no measure.
class Refusals {
public:
    void note(const Error& failure, BootTime entered, BootTime now) {
        const bool is_refused = failure.exit() == ExitCode::blocked;
        const bool went_well = now - entered > trust_window;
        if (!is_refused || went_well) {
            since_.reset();
        }
        if (is_refused && !since_) {
            since_ = now;
        }
    }

    bool are_for_good(BootTime now) const { return since_ && now - *since_ >= trust_window; }

private:
    std::optional<BootTime> since_;
};

}  // namespace

Task<> settle_lease(Ports ports, RolloutRecord ended) {
    try {
        Lease lease(ports.cluster, ports.clock, ports.runners, ended.target);
        co_await lease.settle(ended.id, ended.state);
    } catch (const Error& error) {
        if (!is_passing(error)) {
            throw;
        }
    }
}

Task<RunResult> Executor::run(std::optional<Request> request) {
    std::optional<RunResult> lost;
    std::optional<Error> accident;
    try {
        auto ended = co_await guarded(request);
        co_return ended;
    } catch (const LostControl& error) {
        // Somebody else has it: nothing of ours may be written any more, not even that.
        auto taken = result(ExitCode::locked);
        taken.cause = Cause{};
        taken.cause->kind = lost_control_cause;
        taken.cause->headline = error.what();
        lost = std::move(taken);
    } catch (const Error& error) {
        accident = error;
    }
    co_await tools_.actions.leave_task();
    if (accident) {
        const bool is_under_way = tools_.lease.epoch() > 0;
        throw accident->exit() == ExitCode::blocked && is_under_way ? lost_connection(*accident)
                                                                    : *accident;
    }
    const bool is_gone = co_await everything_is_gone();
    if (is_gone && transition(journal_.record().state, RolloutEvent::give_up)) {
        auto given_up = co_await give_up_what_is_gone();
        co_return given_up;
    }
    co_return *lost;
}

/// Not only the Lease, which somebody may have taken: the workload and the record too.
Task<bool> Executor::everything_is_gone() {
    try {
        const auto lease = co_await tools_.lease.view();
        const auto workload_place = workload_ref(plan_, Slot::stable);
        const auto workload = co_await ports_.cluster.get(workload_place);
        const auto record_place = record_ref(plan_.target, journal_.record().id);
        const auto record = co_await ports_.cluster.get(record_place);
        co_return !lease.exists && !workload && !record;
    } catch (const Error&) {
        co_return false;  // who cannot look does not know
    }
}

/// There is nothing left that could be written, and no other runner from whom to keep off.
Task<RunResult> Executor::give_up_what_is_gone() {
    Cause cause;
    cause.kind = namespace_gone;
    cause.subject = plan_.target.kube_namespace;
    cause.headline = "the namespace " + plan_.target.kube_namespace +
                     " was deleted under it: its Lease, its record and " + plan_.workload +
                     " are gone";
    mood_.cause = cause;
    Entry found = CauseFound{cause};
    co_await journal_.write(found);
    const auto direction = journal_.record().direction;
    const auto exit = ExitCode::not_rolled_back;
    co_await journal_.change_state(RolloutEvent::give_up, direction, cause.headline, exit);
    co_return result(exit);
}

/// The journal has the end already. A Lease that cannot be given back runs out by itself, and who
/// comes next asks the journal.
Task<> Executor::let_go() {
    const auto state = journal_.record().state;
    for (int tries = 0; tries < tries_to_let_go; ++tries) {
        try {
            co_await tools_.lease.release(state);
            co_return;
        } catch (const Error& error) {
            if (!is_passing(error)) {
                throw;
            }
        }
        co_await ports_.clock.sleep(reconnect_interval);
    }
}

/// A connection that is lost is no verdict: the step is entered again until the lease cannot be
/// trusted any more. The same for a permission that is taken away.
Task<Outcome> Executor::perform_guarded(Step step) {
    Refusals refusals;
    for (;;) {
        const auto entered = ports_.clock.boot_time();
        std::optional<Error> failure;
        try {
            if (journal_.record().direction == Direction::back) {
                co_await tools_.effects.seal();
            }
            if (std::holds_alternative<RunTask>(step.action)) {
                co_await tools_.lease.tell();  // else nothing on the cluster says that it may begin
            }
            auto outcome = co_await tools_.actions.perform(step);
            co_return outcome;
        } catch (const LostControl&) {
            throw;
        } catch (const Error& error) {
            if (!is_passing(error)) {
                throw;
            }
            failure = error;
        }
        const auto now = ports_.clock.boot_time();
        refusals.note(*failure, entered, now);
        if (!tools_.lease.is_trusted() || refusals.are_for_good(now)) {
            co_await tools_.actions.leave_task();
            throw lost_connection(*failure);
        }
        if (is_time_to_leave()) {
            co_return Outcome{Outcome::End::watched_enough, failure->what()};
        }
        co_await ports_.clock.sleep(reconnect_interval);
    }
}

}  // namespace deployctl::engine
