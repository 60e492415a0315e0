// SPDX-License-Identifier: Apache-2.0
// The journal in memory, with the meaning of the one in SQLite and no file: for tests and the
// simulator. What it answers is gone with it. One thread.
#pragma once

#include "ports/clock.hpp"
#include "ports/store.hpp"

#include <map>

namespace deployctl::state {

class MemStore final : public Store {
public:
    /// `clock` outlives the store.
    explicit MemStore(const Clock& clock) : clock_(clock) {}

    Task<BeginAnswer> begin(NewRollout rollout) override;
    Task<AppendResult> append(
        RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
    ) override;
    Task<std::optional<RolloutRecord>> find(std::string reference) override;
    Task<std::vector<RolloutRecord>> list(RolloutFilter filter) override;
    Task<Value> plan(RolloutId rollout) override;
    Task<std::vector<Event>> events(RolloutId rollout, std::int64_t after) override;
    Task<std::vector<OpenAttempt>> open_attempts(RolloutId rollout) override;
    Task<std::optional<Cause>> cause(RolloutId rollout) override;
    Task<> make_request(RolloutId rollout, Request request) override;
    Task<std::vector<Request>> pending_requests(RolloutId rollout) override;
    Task<Freeze> keep_freeze(Freeze freeze) override;
    Task<std::vector<Freeze>> freezes(std::string app) override;
    Task<> keep_approval(Approval approval) override;
    Task<std::vector<Approval>> approvals(RolloutId rollout) override;

private:
    using Outcomes = std::map<std::string, AttemptState, std::less<>>;  ///< by attempt

    /// What entries change beside the record; small, so that an append works on a copy.
    struct Facts {
        std::vector<OpenAttempt> open;
        Outcomes just_settled;
        std::optional<Cause> cause;
        std::vector<Request> pending;
    };

    /// All that is known of one rollout.
    struct Journal {
        RolloutRecord record;
        Value plan;
        std::vector<Event> events;
        Facts facts;
        Outcomes settled;
        std::vector<std::size_t> appends;  ///< where the events of version n begin: at n - 1
    };

    class Writer;

    Journal* journal(const RolloutId& rollout);
    Journal& known_journal(const RolloutId& rollout);
    static AppendResult settle(
        const Journal& journal, std::int64_t expected_version, const std::vector<Entry>& entries
    );
    Event next_event(const RolloutRecord& record, const Entry& entry, WallTime at);

    const Clock& clock_;
    std::vector<Journal> journals_;  ///< oldest first: number n is at n - 1
    std::map<std::string, std::int64_t, std::less<>> last_seq_;  ///< by target
    std::int64_t last_request_ = 0;
    std::vector<Freeze> freezes_;  ///< number n is at n - 1
    std::vector<Approval> approvals_;
};

}  // namespace deployctl::state
