// SPDX-License-Identifier: Apache-2.0
#include "simulation/rehearsal.hpp"

#include "engine/objects.hpp"
#include "model/image.hpp"
#include "simcluster/run.hpp"
#include "simulation/actor.hpp"
#include "simulation/rehearsed_version.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

namespace deployctl::simulation {

namespace {

constexpr std::string_view step_started = "step.started";
constexpr std::string_view forward = "forward";
/// After so many runners it is left as it is.
constexpr std::size_t most_runners = 12;
/// Somebody notices that a runner is gone, and starts another one; after each in vain more slowly.
constexpr Duration until_resumed = seconds(5);
constexpr Duration most_until_resumed = seconds(60);
/// Controllers and endpoints, when all pods are ready.
constexpr Duration until_settled = seconds(10);

void take_as_stands(const simcluster::SimCluster& cluster, Kind kind, Value& object) {
    object = cluster.object(cluster.ref_to(kind, object.text("/metadata/name")));
}

/// Nobody measures a simulated cluster, and no program looks at it: what asks them decides nothing
/// here.
void let_through_what_is_outside(GatesByName& gates) {
    for (auto& [name, gate] : gates) {
        gate.policy.dry_run = gate.policy.dry_run || asks_outside(gate.question);
    }
}

/// The copy has its own uids and versions: the plan goes back to the copy.
engine::PlanDraft set_up(Theatre::Ground& ground, const RehearsalOrder& order) {
    engine::PlanDraft draft;
    draft.plan = order.plan;
    let_through_what_is_outside(draft.plan.gates);
    for (auto& [name, approval] : draft.plan.approvals) {
        approval.count = 0;  // nobody is asked
    }
    auto& [workload, services, autoscalers, others] = draft.plan.snapshot;
    others.clear();  // what is beside the pods is not played
    auto& cluster = ground.cluster;
    const auto previous = version_text(read_image(order.plan.release.previous_image));
    cluster.behave(previous, good_version(order.plan, previous, order.ready_after));
    cluster.behave(name_of(order.plan), good_version(order.plan, order.ready_after));
    cluster.copy(Kind::deployment, workload);
    for (const auto& service : services) {
        cluster.copy(Kind::service, service);
    }
    const auto scaling = order.plan.scene.is_kedas ? Kind::scaled_object : Kind::autoscaler;
    for (const auto& autoscaler : autoscalers) {
        cluster.copy(scaling, autoscaler);
    }
    for (const auto& [kind, object] : order.others) {
        cluster.copy(kind, object);
    }
    ground.clock.advance(
        order.ready_after + seconds(workload.number("/spec/minReadySeconds")) + until_settled
    );
    take_as_stands(cluster, Kind::deployment, workload);
    for (auto& service : services) {
        take_as_stands(cluster, Kind::service, service);
    }
    for (auto& autoscaler : autoscalers) {
        take_as_stands(cluster, scaling, autoscaler);
    }
    return draft;
}

/// Nobody has to go on with it: it has ended, or a person has to decide.
bool is_over(const engine::RunResult& result) {
    return is_terminal(result.rollout.state) || result.exit == ExitCode::paused ||
           result.exit == ExitCode::not_rolled_back || result.exit == ExitCode::blocked;
}

class Prompter final : public EventSink {
public:
    explicit Prompter(const RehearsalOrder& order)
        : order_(order),
          theatre_(
              {},
              order.plan.target.kube_namespace,
              [&order](Theatre::Ground& ground) { return set_up(ground, order); }
          ),
          waiting_(order.troubles),
          begun_(theatre_.ground.clock.elapsed()) {}

    Rehearsal play();

    void on_event(const Event& event) override;

    void on_progress(const Progress&) override {}

    bool shows_progress() const override { return false; }

private:
    Duration now() const { return theatre_.ground.clock.elapsed() - begun_; }

    void note(std::string text) {
        moments_.push_back({Moment::Kind::note, now(), {}, std::move(text)});
    }

    const Actor& act(Order order);
    void tell_end_of(const Actor& actor);
    void strike(const Trouble& trouble);
    void fail_for(simcluster::FaultPlan& faults, Duration length, const char* afterwards);
    Rehearsal conclude(const std::optional<engine::RunResult>& result);

    const RehearsalOrder& order_;
    Theatre theatre_;

    /// Of the ways to cluster and journal.
    struct FaultPlans {
        simcluster::FaultPlan cluster;
        simcluster::FaultPlan store;
    };

    FaultPlans faults_;
    std::map<simcluster::FaultPlan*, Duration> down_until_;
    std::vector<Trouble> waiting_;
    Duration begun_;
    std::vector<Moment> moments_;
    std::vector<std::unique_ptr<Actor>> actors_;
};

void Prompter::on_event(const Event& event) {
    moments_.push_back({Moment::Kind::event, now(), event, ""});
    if (event.type != step_started || event.data.text("/direction") != forward) {
        return;
    }
    std::vector<Trouble> due;
    std::erase_if(waiting_, [&](const Trouble& trouble) {
        const bool is_due = trouble.step == event.step.value_or(-1) + 1;
        if (is_due) {
            due.push_back(trouble);
        }
        return is_due;
    });
    for (const auto& trouble : due) {
        strike(trouble);
    }
}

void Prompter::fail_for(simcluster::FaultPlan& faults, Duration length, const char* afterwards) {
    auto& clock = theatre_.ground.clock;
    auto& until = down_until_[&faults];
    until = std::max(until, clock.elapsed() + length);
    faults.from_now_on(simcluster::Fault::lost_before);
    clock.call_in(length, [this, &faults, afterwards] {
        if (theatre_.ground.clock.elapsed() < down_until_[&faults]) {
            return;  // another outage lasts longer
        }
        faults.from_now_on(simcluster::Fault::none);
        note(afterwards);
    });
}

void Prompter::strike(const Trouble& trouble) {
    const auto text = to_text(trouble) + ": " + info(trouble.kind).meaning;
    moments_.push_back({Moment::Kind::fault, now(), {}, text});
    if (is_of_version(trouble.kind)) {
        theatre_.ground.cluster.turn(
            name_of(order_.plan), bad_version(order_.plan, trouble, order_.ready_after)
        );
    } else if (trouble.kind == TroubleKind::api_down) {
        fail_for(faults_.cluster, trouble.length, "the API server answers again");
    } else if (trouble.kind == TroubleKind::store_full) {
        fail_for(faults_.store, trouble.length, "the journal's disk has room again");
    } else if (trouble.kind == TroubleKind::lost_write) {
        faults_.cluster.at_write(faults_.cluster.writes() + 1, simcluster::Fault::lost_after);
    } else if (trouble.kind == TroubleKind::runner_killed) {
        faults_.cluster.at_call(faults_.cluster.calls() + 1, simcluster::Fault::crash_before);
    } else {
        theatre_.turns.freeze_next(trouble.length);
    }
}

const Actor& Prompter::act(Order order) {
    const auto identity = "runner-" + std::to_string(actors_.size() + 1);
    const Actor::Faults faults{faults_.cluster, faults_.store};
    actors_.push_back(std::make_unique<Actor>(theatre_, faults, Post{identity, 0, false}, *this));
    actors_.back()->begin(order);
    theatre_.ground.loop.restart();
    theatre_.ground.loop.run();
    return *actors_.back();
}

void Prompter::tell_end_of(const Actor& actor) {
    if (actor.has_died()) {
        note(actor.identity() + " is dead, and says nothing any more");
    } else {
        const auto exit = actor.exit() ? static_cast<int>(*actor.exit()) : 0;
        note(
            actor.identity() + " has left it, exit code " + std::to_string(exit) +
            (actor.last_words().empty() ? "" : ": " + actor.last_words())
        );
    }
}

Rehearsal Prompter::play() {
    auto result = act({Order::Verb::start}).result();
    auto pause = until_resumed;
    while ((!result || !is_over(*result)) && actors_.size() < most_runners) {
        tell_end_of(*actors_.back());
        theatre_.ground.clock.advance(pause);
        pause = std::min(2 * pause, most_until_resumed);
        note("runner-" + std::to_string(actors_.size() + 1) + " takes it up");
        result = act({Order::Verb::resume}).result();
    }
    return conclude(result);
}

Rehearsal Prompter::conclude(const std::optional<engine::RunResult>& result) {
    Rehearsal rehearsal;
    if (result) {
        rehearsal.end = *result;
    } else {
        const auto known = simcluster::run(theatre_.ground.store().list({}));
        rehearsal.end.rollout = known.empty() ? RolloutRecord() : known.front();
        rehearsal.end.exit = ExitCode::stopped_watching;
        tell_end_of(*actors_.back());
    }
    if (is_terminal(rehearsal.end.rollout.state)) {
        Ending ending;
        ending.record = rehearsal.end.rollout;
        ending.world = theatre_.ground.cluster.world();
        theatre_.checker.on_end(ending, theatre_.ground.clock.elapsed());
    }
    for (const auto& actor : actors_) {
        rehearsal.runs.push_back({actor->identity(), actor->exit()});
    }
    rehearsal.took = now();
    rehearsal.moments = std::move(moments_);
    rehearsal.broken = theatre_.checker.violations();
    rehearsal.invariants = count_of_invariants();
    return rehearsal;
}

}  // namespace

Rehearsal rehearse(const RehearsalOrder& order) {
    Prompter prompter(order);
    return prompter.play();
}

}  // namespace deployctl::simulation
