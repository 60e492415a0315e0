// SPDX-License-Identifier: Apache-2.0
// The journal as one runner reaches it: takes turns with the other runners, and shows the checker
// what is committed. One a runner.
#pragma once

#include "ports/store.hpp"
#include "simulation/witness_cluster.hpp"

namespace deployctl::simulation {

class WitnessStore final : public Store {
public:
    WitnessStore(Store& inner, Scenery& scenery) : inner_(inner), scenery_(scenery) {}

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

private:
    Store& inner_;
    Scenery& scenery_;
};

}  // namespace deployctl::simulation
