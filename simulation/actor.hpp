// SPDX-License-Identifier: Apache-2.0
// One runner of a play: a process of its own, with its own connection to cluster and journal, that
// may die at any call. It stays until the play is over, since what it has sent may still be on its
// way. One thread.
#pragma once

#include "engine/rollout.hpp"
#include "simcluster/faulty_cluster.hpp"
#include "simcluster/faulty_store.hpp"
#include "simcluster/scripted_interrupts.hpp"
#include "simcluster/scripted_runners.hpp"
#include "simcluster/silent_outside.hpp"
#include "simulation/theatre.hpp"
#include "simulation/witness_metrics.hpp"
#include "simulation/witness_store.hpp"

#include <optional>
#include <set>
#include <string>

namespace deployctl::simulation {

/// What a runner is started for: the verbs of the command line.
struct Order {
    enum class Verb { start, resume, turn_back } verb{};
    engine::LockPolicy lock = engine::LockPolicy::wait;
    RequestKind request = RequestKind::rollback;
    engine::PausePolicy on_pause = engine::PausePolicy::leave;
};

/// Who a runner is, and where.
struct Post {
    std::string identity;
    int machine = 0;        ///< whose journal it has
    bool is_apart = false;  ///< what its journal does not know it asks the cluster for
};

class Actor {
public:
    /// Calls to the cluster, and to the journal, that go wrong; the same plan may count both.
    struct Faults {
        simcluster::FaultPlan& cluster;
        simcluster::FaultPlan& store;
    };

    /// Calls go wrong as `faults` says.
    Actor(Theatre& theatre, simcluster::FaultPlan& faults, const Post& post);
    /// The same, and `audience` hears its events; it outlives the actor.
    Actor(Theatre& theatre, Faults faults, const Post& post, EventSink& audience);

    /// Runners of this host that are proven dead.
    void know_dead(const std::set<std::string>& identities);
    /// Begins to act; the loop of the theatre has to run.
    void begin(Order order);

    const std::string& identity() const { return post_.identity; }

    int machine() const { return post_.machine; }

    bool has_died() const { return departure_.by_death; }

    /// What the engine has answered; nothing where the runner ended otherwise.
    const std::optional<engine::RunResult>& result() const { return departure_.result; }

    /// The message that it ended with; empty where it had none.
    const std::string& last_words() const { return departure_.last_words; }

    /// As a command that ran it would; nothing where it has died.
    std::optional<ExitCode> exit() const { return departure_.exit; }

    int writes() const { return way_.cluster.writes(); }

private:
    Task<> act(Order order);
    Task<> perform(Order order);
    Task<> perform_by_cluster(Order order);
    Task<bool> is_named_elsewhere();
    void tell(const simcluster::WriteTold& told);
    void give_tasks(const TaskShape& shape);
    engine::Ports ports();
    deployctl::Outside outside();
    engine::RunOptions options(const Order& order) const;

    class Deaf final : public EventSink {
    public:
        void on_event(const Event&) override {}

        void on_progress(const Progress&) override {}

        bool shows_progress() const override { return false; }
    };

    /// To the world, and what goes wrong on it.
    struct Way {
        Way(Theatre& theatre, Faults faults, const Post& post);

        WitnessCluster cluster;
        WitnessStore store;
        WitnessMetrics metrics;
        simcluster::FaultyCluster faulty_cluster;
        simcluster::FaultyStore faulty_store;
    };

    /// How it has ended.
    struct Departure {
        std::optional<engine::RunResult> result;
        std::string last_words;
        std::optional<ExitCode> exit;
        bool by_death = false;
    };

    Theatre& theatre_;
    Post post_;
    Way way_;
    Deaf deaf_;
    EventSink& sink_;
    simcluster::ScriptedInterrupts interrupts_;

    /// Whom it knows, and what it can ask, beside cluster and journal.
    struct Surroundings {
        simcluster::ScriptedRunners runners;
        simcluster::SilentOutside beyond = {};
    } surroundings_;

    Departure departure_;
};

}  // namespace deployctl::simulation
