// SPDX-License-Identifier: Apache-2.0
// How each action is made to hold: an ensure on an object, or a wait. One a run; engine's thread.
#pragma once

#include "engine/approving.hpp"
#include "engine/effects.hpp"
#include "engine/ports.hpp"
#include "engine/task_errand.hpp"
#include "engine/vigil.hpp"
#include "model/plan.hpp"

#include <memory>

namespace deployctl::engine {

class Actions {
public:
    Actions(Ports ports, const Plan& plan, Journal& journal, Effects& effects, Vigil& vigil);

    /// Walks the action to its end; the step's gates watch meanwhile.
    Task<Outcome> perform(Step step);
    /// This runner leaves: a task that still runs is told to end, and given the time to.
    Task<> leave_task();

private:
    Task<Outcome> dispatch(const Step& step);
    Task<Outcome> act(Step step, RecordSnapshot action);
    Task<Outcome> act(Step step, HoldAutoscaler action);
    Task<Outcome> act(Step step, MoveAutoscaler action);
    Task<Outcome> act(Step step, ReleaseAutoscaler action);
    Task<Outcome> act(Step step, CreateCandidate action);
    Task<Outcome> act(Step step, CreatePreviewService action);
    Task<Outcome> act(Step step, PointService action);
    Task<Outcome> act(Step step, Scale action);
    Task<Outcome> act(Step step, WriteTemplate action);
    Task<Outcome> act(Step step, AwaitReady action);
    Task<Outcome> act(Step step, AwaitWeight action);
    Task<Outcome> act(Step step, AwaitEndpoints action);
    Task<Outcome> act(Step step, Hold action);
    Task<Outcome> act(Step step, PassGates action);
    Task<Outcome> act(Step step, AwaitApproval action);
    Task<Outcome> act(Step step, Drain action);
    Task<Outcome> act(Step step, RetireCandidate action);
    Task<Outcome> act(Step step, VerifyOutcome action);
    Task<Outcome> act(Step step, CreateBaseline action);
    Task<Outcome> act(Step step, RetireBaseline action);
    Task<Outcome> act(Step step, RunTask action);
    Task<Outcome> act(Step step, CopyConfig action);
    Task<Outcome> act(Step step, ApplyObject action);
    Task<Outcome> act(Step step, RemoveObject action);
    Task<Outcome> act(Step step, RestoreObject action);

    /// A wait that the plan's deadlines bound.
    WaitOrder order(const Step& step, Condition condition);
    bool is_going_back() const;
    Task<std::optional<Outcome>> find_outgrown(Step step, HoldAutoscaler action);
    Task<Outcome> hold_again(Step step, HoldAutoscaler action);
    bool is_sized_by_autoscaler(const Scale& action) const;
    Task<Outcome> create(Step step, Slot slot);
    Task<Outcome> retire_slot(Step step, Slot slot);
    Task<Outcome> put_away(Step step, Slot slot);
    Task<bool> is_away(Slot slot);
    Task<bool> nothing_to_leave();
    Task<Outcome> until_it_can_shrink(Step step, Scale action);
    Task<> hear(Hearing* hearing);
    Task<> attend(Hearing* hearing);
    Event reminder_of(const Hearing& hearing) const;
    Task<Outcome> free_services(Step step);
    Task<Outcome> move_services(const World* world, Pointing to);
    Task<Outcome> retire_first(Step step);
    Task<Cause> free_pins(Cause cause);
    Task<> keep_pins(const World* world);
    Task<Outcome> point_again(Step step, AwaitEndpoints action);
    Task<Outcome> leave(Step step, Slot slot);
    Task<Outcome> write(Step step, ObjectRef ref, Change change);
    Task<> note_traffic_restored();
    Task<Outcome> run_job(Step step, TaskOrder order, JobWork job);
    Task<Outcome> run_beside(Step step, TaskOrder order);
    Task<Outcome> end_task(Step step, TaskOrder order, TaskReport report, Duration took);
    Task<> attend_task(bool* over, Task<> care);
    std::vector<Entry> told_by(TaskErrand& errand) const;
    Task<Outcome> until_stopped(WaitOrder wait);
    Task<> call_task_off(Step step, Outcome outcome);
    enum class Holding { kept, lost };
    Task<> see_off(TaskErrand* errand, Duration grace, Holding lease);
    Task<bool> job_is_there(TaskOrder order, JobWork job);
    Task<> attend_job(ObjectRef ref, std::optional<Value>* seen, Task<> care);
    Task<Value> words_of_job(ObjectRef ref);
    Task<> sweep();
    Task<> sweep_copies();
    Task<Outcome> remove_object(
        Step step, ObjectRef ref, std::function<bool(const Value&)> is_meant
    );
    Task<> remove_unfit(Slot slot);
    Outcome outcome_of(const Step& step, const EffectResult& result) const;

    Ports ports_;
    const Plan& plan_;
    Journal& journal_;
    Effects& effects_;
    Vigil& vigil_;
    /// It goes on where the connection to the cluster is lost for a while, and its step begins
    /// anew.
    std::unique_ptr<TaskErrand> running_;
};

}  // namespace deployctl::engine
