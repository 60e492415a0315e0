// SPDX-License-Identifier: Apache-2.0
// A journal whose calls go wrong as a plan says: a full disk, a lost commit, another writer, a
// crash on either side of the commit. Holds references; one thread.
#pragma once

#include "ports/store.hpp"
#include "simcluster/fault_plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::simcluster {

class FaultyStore final : public Store {
public:
    FaultyStore(Store& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}

    Task<BeginAnswer> begin(NewRollout rollout) override;
    /// With the fault `conflict` it answers so, as if another runner had written.
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
    /// The fault of this call; throws where nothing is to be done.
    Fault begin_call(FaultPlan::Kind kind, std::string what);
    /// Throws where the call was done and its caller shall not know.
    void end_call(Fault fault) const;

    Store& inner_;
    FaultPlan& plan_;
};

}  // namespace deployctl::simcluster
