// SPDX-License-Identifier: Apache-2.0
// The Lease `deployctl-<app>`: who may act, and since which epoch. It gives liveness; the fence
// gives safety. All changes are JSON patches that test what was seen. Times are judged on boot
// time: a holder is gone when its renewals have not changed for the lease's duration on *our*
// clock. One a run; engine's thread.
#pragma once

#include "engine/fence.hpp"
#include "engine/lease_view.hpp"
#include "engine/rollout.hpp"
#include "ports/runners.hpp"

#include <functional>
#include <optional>
#include <string>

namespace deployctl::engine {

inline constexpr Duration renew_interval = seconds(5);
inline constexpr Duration trust_window = seconds(20);
/// For so long an API server may put off whoever takes a Lease, or is about to act.
inline constexpr Duration longest_patience = minutes(2);

/// Is told whose silence is waited for, each time that it begins anew.
using OnWait = std::function<void(const LeaseView& holder)>;

/// Who wants it, and what for.
struct LeaseClaim {
    RolloutId rollout;
    LockPolicy policy{};
    std::int64_t highest_seen = 0;
    std::int64_t last_known = 0;  ///< epoch of the newest runner that the journal knows of
    bool is_new = true;           ///< may follow another rollout; one that has acted before may not
    RolloutId ended = {};         ///< has ended, as the journal knows, whatever the Lease says
    bool if_named = false;        ///< only from a Lease that tells of a rollout
    OnWait on_wait = {};
};

/// A runner that the claimant's journal does not know has turned the rollout back.
bool was_turned_elsewhere(const LeaseView& seen, const LeaseClaim& claim);

struct LeaseAnswer {
    enum class Kind {
        taken,
        held_by_other,
        names_another,  ///< its rollout has to end first; or ours has ended, elsewhere
        names_nobody,   ///< and one that does was asked for; or it was deleted while waited for
    } kind{};
    LeaseView seen;
};

class Lease {
public:
    Lease(Cluster& cluster, Clock& clock, Runners& runners, Target target);

    Task<LeaseView> view();
    /// The epoch becomes max(the Lease's, `highest_seen`) + 1. Throws Error{stopped_watching} where
    /// the API server gives no answer, Error{blocked} where it will not have the write.
    Task<LeaseAnswer> acquire(LeaseClaim claim);
    /// Goes onto the Lease with the next writing of it; a new direction makes one due at once, so
    /// that the Lease says "back" before the first restoring write.
    void stand_at(Standing standing);
    /// Writes it now; throws LostControl where somebody else has taken it, and
    /// Error{stopped_watching} where nobody knows whether it was written.
    Task<> tell();
    /// Renews when due, but never before the time that the API server has named. Throws LostControl
    /// where somebody else has taken it.
    Task<> keep();
    /// The same for who is about to act: where the trust runs out meanwhile, that time is waited
    /// for.
    Task<> keep_trust();
    /// Nobody holds it any more; it goes on naming rollout and state.
    Task<> release(RolloutState state);
    /// The same for a rollout that nobody runs any more, where the Lease still names it.
    Task<> settle(RolloutId rollout, RolloutState state);

    /// Whether an effect may start now.
    bool is_trusted() const;
    /// Whether it was asked to keep the Lease within the last trust window, as at each look; else
    /// this runner stood still, and knows nothing of the world since.
    bool is_awake() const;

    std::int64_t epoch() const { return epoch_; }

    Term term() const { return {uid_.substr(0, 8), epoch_}; }

private:
    ObjectRef ref() const;
    Value wanted(const LeaseView& seen, std::int64_t epoch, const std::string& holder) const;
    enum class Written {
        yes,
        no,
        unanswered,
        put_off,  ///< the API server has named a time: `times_`
    };

    Task<LeaseAnswer> take(LeaseView seen, LeaseClaim claim);
    Task<LeaseAnswer> wait_for_expiry(LeaseView seen, LeaseClaim claim);
    void expect_held(const WriteReply& refused) const;
    Task<Written> write(LeaseView seen, Value next);
    Task<Written> write_with_patience(LeaseView seen, Value next);
    Task<> renew();
    /// Throws LostControl where it is another runner's by now.
    Task<LeaseView> view_own();
    Task<WriteReply> send(LeaseView seen, Value next);

    Cluster& cluster_;
    Clock& clock_;
    Runners& runners_;
    Target target_;

    struct Named {
        RolloutId rollout;
        std::optional<Standing> standing;
        bool is_due = false;  ///< it says another direction
    } named_;

    std::string uid_;
    std::int64_t epoch_ = 0;

    struct Times {
        BootTime renewed;                    ///< begin of the last good renewal
        BootTime kept;                       ///< asked to keep it, due or not
        std::optional<BootTime> not_before;  ///< it was put off until then
    } times_;
};

}  // namespace deployctl::engine
