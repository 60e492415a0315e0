// SPDX-License-Identifier: Apache-2.0
// The journal as one runner reaches it: takes turns with the other runners, and shows the checker
// what is committed. One a runner.
#pragma once

#include "ports/forwarding_store.hpp"
#include "simulation/witness_cluster.hpp"

namespace deployctl::simulation {

class WitnessStore final : public ForwardingStore {
public:
    WitnessStore(Store& inner, Scenery& scenery, std::string runner = "", int machine = 0)
        : ForwardingStore(inner),
          scenery_(scenery),
          runner_(std::move(runner)),
          machine_(machine) {}

    Task<BeginAnswer> begin(NewRollout rollout) override;
    Task<AppendResult> append(
        RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
    ) override;

private:
    Scenery& scenery_;
    std::string runner_;
    int machine_;
};

}  // namespace deployctl::simulation
