// SPDX-License-Identifier: Apache-2.0
// The one loop that waits. Each look it asks: does the condition hold, is a pod doomed, does a gate
// fail, does somebody want something, is the lease still ours, is there progress? One a run;
// engine's thread. Reads that fail throw Error{stopped_watching}, refused ones Error{blocked}; a
// lost lease throws LostControl.
#pragma once

#include "engine/drift.hpp"
#include "engine/gate_watch.hpp"
#include "engine/health.hpp"
#include "engine/journal.hpp"
#include "engine/lease.hpp"
#include "engine/look.hpp"
#include "engine/outcome.hpp"
#include "engine/ports.hpp"
#include "model/plan.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

/// What a condition says of one look.
struct Reading {
    bool holds = false;
    std::string text;  ///< what is still missing: "2 of 4 candidate pods are ready"
    int progress = 0;  ///< only a new best extends the patience
};

using Condition = std::function<Reading(const World& world)>;

/// What ends a wait as done before its condition holds.
enum class EarlyEnd {
    none,
    advance,           ///< a person's
    advance_or_proof,  ///< or its gates' that the version is good
};

struct WaitOrder {
    Step step;
    Condition condition;
    Watch watch = Watch::startup;
    std::optional<Duration> patience;    ///< without progress; none: as long as it takes
    std::optional<Duration> total;       ///< for the display
    std::vector<std::string> must_pass;  ///< gates, anew, before it is done
    EarlyEnd early_end = EarlyEnd::none;
    /// What has to be kept right meanwhile; may be empty. The world outlives the task.
    std::function<Task<>(const World* world)> upkeep = {};
};

class Vigil {
public:
    Vigil(Ports ports, const Plan& plan, Journal& journal, Lease& lease, Look& look);

    Task<Outcome> until(WaitOrder order);

    /// Somebody else's change of the object that nobody has been told of: not to be written over.
    std::optional<Outcome> foreign_change(
        const Step& step, const ObjectRef& ref, const Value& object
    );

    /// Of who waits for something else.
    Task<> keep_lease() { return lease_.keep(); }

    /// A person has gone on from it.
    void accept(const std::optional<Cause>& cause) { watches_.drift.accept(cause); }

    /// When every wait ends, whatever it waits for.
    struct Deadlines {
        std::optional<BootTime> rollout;   ///< failed: `timeouts.rollout` is used up
        std::optional<BootTime> watching;  ///< `watched_enough`
        bool leaves_people = false;        ///< what waits for people ends at once
    };

    void obey(Deadlines deadlines) { deadlines_ = deadlines; }

    const Deadlines& deadlines() const { return deadlines_; }

private:
    struct Patience {
        BootTime start;
        BootTime best_at;
        int best = -1;
    };

    struct Times {
        BootTime began;   ///< the wait
        BootTime looked;  ///< the look
    };

    Task<Outcome> watch(WaitOrder order);
    Task<bool> holds_to_the_end(const WaitOrder* order, Reading reading, Times times);
    Task<> await_next_look(Duration at_most);
    Task<std::optional<Outcome>> listen(const WaitOrder* order);
    bool minds_drift() const;
    std::optional<Outcome> find_drift(const WaitOrder& order, const World& world);
    Task<std::optional<Outcome>> find_trouble(const WaitOrder* order, const World* world);
    Task<std::optional<Outcome>> out_of_time(
        const WaitOrder* order, const World* world, Reading reading
    );
    Task<std::optional<Outcome>> out_of_patience(
        const WaitOrder* order, Patience patience, const World* world, Reading reading
    );
    Task<std::optional<Outcome>> run_gates(
        const WaitOrder* order, const World* world, BootTime start
    );
    Reading read(const WaitOrder& order, const World& world, BootTime start) const;
    void tell_gates(const GateOrder& order, Reading& reading) const;
    GateOrder gates_of(const WaitOrder& order, BootTime start) const;
    void ask_anew(WaitOrder& order, BootTime start);
    Duration next_look(const WaitOrder& order, BootTime start) const;
    void show(const WaitOrder& order, const World& world, const Reading& reading, BootTime start);

    Ports ports_;
    const Plan& plan_;
    Journal& journal_;
    Lease& lease_;
    Look& look_;

    struct Watches {
        Health health;
        DriftWatch drift;
    } watches_;

    GateWatch gates_;
    Deadlines deadlines_;
};

}  // namespace deployctl::engine
