// SPDX-License-Identifier: Apache-2.0
// Walks a rollout from where its journal says it is, to its end or to where this runner has to
// leave it. A start is the resume of an empty journal. One a run; engine's thread; the plan
// outlives it.
#pragma once

#include "engine/actions.hpp"
#include "engine/effects.hpp"
#include "engine/journal.hpp"
#include "engine/lease.hpp"
#include "engine/ports.hpp"
#include "engine/rollout.hpp"
#include "engine/trail.hpp"
#include "engine/vigil.hpp"

#include <optional>
#include <vector>

namespace deployctl::engine {

class Executor {
public:
    Executor(Ports ports, const Plan& plan, RolloutRecord record, RunOptions options);

    /// With `request`, a person's wish is carried out first: send it back, or go on from a pause.
    Task<RunResult> run(std::optional<Request> request);

private:
    /// Why the loop leaves the rollout to somebody else, or to its end.
    struct Leaving {
        ExitCode exit{};
    };

    /// Why the Lease is not asked for: in any case, or where it names nobody.
    struct Obstacles {
        std::optional<Cause> always;
        std::optional<Cause> half_done;  ///< by another rollout
        std::optional<Cause> changed;    ///< since the plan was made
    };

    /// An object that a step makes.
    struct Birth {
        ObjectRef ref;
        Value object;
    };

    Task<RunResult> guarded(std::optional<Request> request);
    Task<std::optional<Leaving>> take_up(std::optional<Request> request);
    Task<std::optional<Leaving>> take_lease(std::optional<Request> request);
    Task<std::optional<Leaving>> is_not_ours(LeaseView seen, std::optional<Request> request);
    Task<std::optional<Cause>> find_other_app(Value object);
    std::optional<Cause> find_half_done(const Value& object) const;
    Task<Obstacles> look_for_obstacles();
    Task<LeaseAnswer> ask_for_lease(LeaseClaim claim, Obstacles* obstacles);
    bool was_overtaken() const;
    bool was_sent_back() const;
    bool was_turned(const LeaseView& seen, const LeaseClaim& claim) const;
    Task<> let_go();
    Task<bool> everything_is_gone();
    Task<RunResult> give_up_what_is_gone();
    Task<> heed_what_was_told();
    Task<> note_taken();
    bool is_ahead() const;
    std::vector<Entry> steps_taken_elsewhere() const;
    Task<std::vector<Entry>> tasks_done_elsewhere();
    Task<std::optional<Leaving>> heed_changes();
    Task<> start_if_pending();
    Task<bool> settle_and_claim();
    Task<> read_marks();
    Task<bool> claim_all();
    std::vector<Birth> births() const;
    Task<> take_names();
    Task<Leaving> walk();
    Task<std::optional<Leaving>> walk_step();
    Task<> watch_the_time();
    Task<Outcome> await_answer(Step next);
    Task<Outcome> perform_guarded(Step step);
    Task<std::optional<Leaving>> conclude(Step step, Outcome outcome, Duration took);
    Task<std::optional<Leaving>> on_failure(Step step, Outcome outcome);
    Task<std::optional<Leaving>> on_request(Request request);
    Task<std::optional<Leaving>> on_interrupt(Interrupt signal);
    Task<Leaving> leave_silently(std::string note);
    Task<Leaving> leave_unfinished();
    bool is_time_to_leave() const;
    Task<std::optional<Leaving>> begin_with(Request request);
    Task<std::optional<Leaving>> heed_waiting_pause();
    Task<> go_on_after(std::vector<Entry> entries, Request request);
    Task<> retry_after(std::vector<Entry> entries, Request request);
    Task<bool> has_nothing_to_restore();
    Task<std::optional<Leaving>> finish();
    Task<std::optional<Leaving>> promote();
    Task<bool> is_before_first_change(int index);
    Task<bool> is_past_contract();
    Task<Leaving> decline(Cause cause);
    Task<Leaving> give_up(std::string why);
    Task<> turn_back(Cause cause);
    Task<> turn_back_after(std::vector<Entry> entries, Cause cause);
    Task<> send_back(Request request);
    Task<std::optional<Leaving>> pause(std::string reason, ExitCode exit);
    Task<std::optional<Leaving>> pause_after(
        std::vector<Entry> entries, std::string reason, ExitCode exit
    );
    const std::vector<Step>& steps() const;
    Task<std::optional<Leaving>> stand_still();
    bool stops_here(const Step& step) const;
    RunResult result(ExitCode exit) const;

    /// What acts, waits and looks; each leans on those above it.
    struct Tools {
        Tools(const Ports& ports, const Plan& plan, Journal& journal);

        Lease lease;
        Look look;
        Effects effects;
        Vigil vigil;
        Actions actions;
    };

    Ports ports_;
    const Plan& plan_;
    RunOptions options_;
    Journal journal_;
    Tools tools_;

    struct Mood {
        std::optional<Cause> cause;
        int signals = 0;
        BootTime begun;
        std::optional<BootTime> leave_by;  ///< told to terminate: however far it has got by then
        bool traffic_only = false;         ///< `shift`: leave once the traffic is back
        std::string retried_by;            ///< at the end of the way back it goes forward again
        bool silent = false;               ///< leave the lease to expire
        bool sent_back = false;            ///< by a runner that this journal does not know
        Trail trail;                       ///< as the objects tell
        std::optional<Standing> told;      ///< by the Lease, of a runner with another journal
    } mood_;
};

/// The Lease goes on naming a rollout that has ended, and says so. As good as it can be had: a
/// Lease runs out by itself, and who comes next asks the journal.
Task<> settle_lease(Ports ports, RolloutRecord ended);

}  // namespace deployctl::engine
