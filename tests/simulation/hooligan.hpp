// SPDX-License-Identifier: Apache-2.0
// A runner of a test that breaks the rules on purpose: it writes intents and patches as the engine
// would, but whatever it is told to, on the stage of a real play. One thread.
#pragma once

#include "simulation/theatre.hpp"
#include "simulation/witness_metrics.hpp"
#include "simulation/witness_store.hpp"

#include <memory>
#include <string>

namespace deployctl::tests {

class Hooligan {
public:
    /// Four pods of v1 behind Service web, and a rollout that is under way with epoch 1.
    explicit Hooligan(
        StrategyKind strategy = StrategyKind::canary,
        const std::string& planted = "",
        CanaryBaseline baseline = CanaryBaseline::stable,
        simulation::TaskShape tasks = {}
    );

    simulation::Theatre& theatre() { return *theatre_; }

    const RolloutRecord& record() const { return record_; }

    const Plan& plan() const { return theatre_->draft.plan; }

    /// The record on the cluster, which has to come first.
    void put_record();
    void write(Entry entry);
    void change_state(RolloutState to, Direction direction);
    /// With an intent, as the engine does it.
    void change(const ObjectRef& ref, const JsonPatch& changes);
    /// Without one.
    void patch(const ObjectRef& ref, const JsonPatch& changes);
    void intend(const ObjectRef& ref, const std::string& attempt);
    /// Takes or renews the Lease.
    void hold_lease(const std::string& holder, std::int64_t as_epoch);
    void scale(const std::string& workload, int replicas);
    /// Points Service web elsewhere.
    void select(const Labels& selector);
    /// As many pods of web get the label `chosen`.
    void choose_pods(int count);
    /// A gate's question to a pod of this version.
    void ask(const std::string& version);
    /// A gate's question to the metrics source about a pod of this version.
    void measure(const std::string& version);
    /// The candidate with so many ready pods of v2, by somebody else.
    void add_candidate(int replicas);
    /// The baseline, without pods.
    void add_baseline();

    Direction direction = Direction::forward;
    std::int64_t epoch = 1;
    std::int64_t seq = 0;

    bool has_broken(const std::string& rule) const;
    /// The rules that were broken, each once: "I1 I6".
    std::string broken() const;

private:
    std::string pod_of(const std::string& version);

    std::unique_ptr<simulation::Theatre> theatre_;
    simulation::WitnessCluster cluster_;
    simulation::WitnessStore store_;
    simulation::WitnessMetrics metrics_;
    RolloutRecord record_;
    int attempts_ = 0;
};

}  // namespace deployctl::tests
