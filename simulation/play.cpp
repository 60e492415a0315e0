// SPDX-License-Identifier: Apache-2.0
#include "simulation/play.hpp"

#include "engine/lease_view.hpp"
#include "engine/objects.hpp"
#include "simcluster/run.hpp"
#include "simulation/actor.hpp"
#include "simulation/approver.hpp"
#include "simulation/theatre.hpp"
#include "simulation/whereabouts.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

namespace deployctl::simulation {

namespace {

constexpr int rounds_with_mishaps = 6;
constexpr int rounds_without = 8;
/// After so many a person gives up on the way forward.
constexpr int rounds_of_patience = 4;
/// Somebody looks so often whether they are asked.
constexpr Duration between_visits = seconds(20);
constexpr Duration between_short_visits = seconds(1);
/// More than runners that a play has: these machines have seen none of them.
constexpr int first_new_machine = 1000;
/// What is late lands half a minute later.
constexpr Duration until_all_has_landed = seconds(60);

engine::LockPolicy policy_of(RivalKind rival) {
    switch (rival) {
        case RivalKind::waits: return engine::LockPolicy::wait;
        case RivalKind::takes_over: return engine::LockPolicy::take_over;
        case RivalKind::refuses: return engine::LockPolicy::refuse;
        case RivalKind::goes_back:
        case RivalKind::starts: return engine::LockPolicy::wait;
    }
    return engine::LockPolicy::wait;
}

Order::Verb verb_of(RivalKind rival) {
    switch (rival) {
        case RivalKind::waits:
        case RivalKind::takes_over:
        case RivalKind::refuses: return Order::Verb::resume;
        case RivalKind::goes_back: return Order::Verb::turn_back;
        case RivalKind::starts: return Order::Verb::start;
    }
    return Order::Verb::resume;
}

class Director {
public:
    explicit Director(const Scenario& scenario, Theatre& theatre)
        : scenario_(scenario), theatre_(theatre) {}

    void play_with_mishaps();
    void play_without();
    void come_to_an_end();
    PlayResult result();

private:
    std::optional<RolloutRecord> newest();
    bool has_ended();
    bool has_one_journal() const;
    bool is_going_home() const;
    int next_machine();
    std::string last_refusal() const;
    bool knows(int machine, const RolloutId& rollout);
    void schedule(const Mishap& mishap);
    void ask(RequestKind request);
    void edit(EditKind kind);
    Order next_order(Order::Verb otherwise) const;
    void visit();
    Actor& enter(Order order, simcluster::FaultPlan& faults);
    void run();
    int writes_of_latecomers();

    const Scenario& scenario_;
    Theatre& theatre_;
    simcluster::FaultPlan faults_;
    simcluster::FaultPlan no_faults_;
    std::vector<std::unique_ptr<Actor>> actors_;
    bool are_journals_lost_ = false;
    std::optional<int> only_machine_;  ///< whoever comes next goes there

    struct Times {
        Duration calm_since{};
        Duration ended_at{};
    } times_;
};

bool Director::has_one_journal() const {
    return scenario_.journals == JournalPlaces::shared && !are_journals_lost_;
}

bool Director::is_going_home() const {
    const bool is_late = scenario_.last_will == LastWill::back ||
                         scenario_.last_will == LastWill::back_without_journal;
    return is_late && times_.calm_since > Duration{};
}

Order Director::next_order(Order::Verb otherwise) const {
    const bool is_home_now =
        scenario_.last_will == LastWill::back_once_died &&
        std::ranges::any_of(actors_, [](const auto& actor) { return actor->has_died(); });
    return {is_home_now ? Order::Verb::turn_back : otherwise};
}

/// Why whoever came last was not let go on; empty where they were.
std::string Director::last_refusal() const {
    if (actors_.empty() || !actors_.back()->result()) {
        return "";
    }
    const auto& answer = *actors_.back()->result();
    const bool is_of_another = answer.cause && answer.cause->kind == engine::unfinished_cause;
    const bool is_refused = is_of_another || (answer.rollout.state == RolloutState::aborted &&
                                              answer.exit == ExitCode::blocked);
    return is_refused && answer.cause ? answer.cause->headline : "";
}

/// Who was told that another rollout is half done goes where its journal is.
int Director::next_machine() {
    const auto count = static_cast<int>(actors_.size());
    if (only_machine_) {
        return *only_machine_;
    }
    if (are_journals_lost_) {
        return first_new_machine + count;
    }
    if (const auto refusal = last_refusal(); !refusal.empty()) {
        if (const auto machine = machine_of_unfinished(theatre_, refusal)) {
            return *machine;
        }
    }
    switch (scenario_.journals) {
        case JournalPlaces::shared: return 0;
        case JournalPlaces::one_each: return count;
        case JournalPlaces::two: return count % 2;
    }
    return 0;
}

std::optional<RolloutRecord> Director::newest() {
    const bool is_lost = are_journals_lost_ && named_by_lease(theatre_).empty();
    if (is_lost) {
        return std::nullopt;  // of what was never begun on the cluster only the lost journal knew
    }
    if (!has_one_journal()) {
        return newest_by_cluster(theatre_);
    }
    const auto all = simcluster::run(theatre_.ground.store().list({}));
    return all.empty() ? std::nullopt : std::optional(all.front());
}

bool Director::has_ended() {
    const auto record = newest();
    return record && is_terminal(record->state);
}

Actor& Director::enter(Order order, simcluster::FaultPlan& faults) {
    std::set<std::string> dead;
    for (const auto& actor : actors_) {
        const bool is_here = has_one_journal() || actor->machine() == next_machine();
        if (scenario_.one_host && is_here && actor->has_died()) {
            dead.insert(actor->identity());
        }
    }
    const Post post{
        "runner-" + std::to_string(actors_.size() + 1), next_machine(), !has_one_journal()
    };
    if (scenario_.extras.if_silent && order.lock == engine::LockPolicy::wait) {
        order.lock = engine::LockPolicy::if_silent;
    }
    if (scenario_.app.questions == Questions::waited_for) {
        order.on_pause = engine::PausePolicy::wait;
    }
    actors_.push_back(std::make_unique<Actor>(theatre_, faults, post));
    actors_.back()->know_dead(dead);
    actors_.back()->begin(order);
    return *actors_.back();
}

void Director::run() {
    theatre_.ground.loop.restart();
    theatre_.ground.loop.run();
}

/// From another shell of the machine that had it last, through its journal.
void Director::ask(RequestKind kind) {
    const auto record = newest();
    if (!record || is_terminal(record->state)) {
        return;
    }
    Request request;
    request.kind = kind;
    request.by = "eve@shell";
    for (auto actor = actors_.rbegin(); actor != actors_.rend(); ++actor) {
        auto& journal = theatre_.ground.journals.of((*actor)->machine());
        const auto known = simcluster::run(journal.find(record->id));
        if (known && !is_terminal(known->state)) {
            simcluster::run(journal.make_request(record->id, request));
            return;
        }
    }
}

/// As by kubectl edit; what was not begun, or has ended, is nobody's concern.
void Director::edit(EditKind kind) {
    if (!newest() || has_ended()) {
        return;
    }
    auto& cluster = theatre_.ground.cluster;
    const auto lease = engine::lease_ref(theatre_.draft.plan.target);
    if (kind == EditKind::lease && !cluster.object(lease).is_null()) {
        cluster.erase(lease);
    }
    if (kind == EditKind::lease) {
        theatre_.checker.on_edit(lease, theatre_.ground.clock.elapsed(), kind);
        return;
    }
    const auto ref = engine::workload_ref(theatre_.draft.plan, Slot::stable);
    cluster.edit(ref, [kind, at = theatre_.ground.clock.elapsed()](Value& web) {
        if (kind == EditKind::pod_template) {
            web.set("/spec/template/metadata/labels/edited", std::to_string(at.count()));
        } else {
            web.set("/spec/replicas", read_int(web, "/spec/replicas") + 1);
        }
    });
    theatre_.checker.on_edit(ref, theatre_.ground.clock.elapsed(), kind);
}

void Director::visit() {
    if (const auto record = newest()) {
        approve_if_asked(theatre_, *record);
    }
    const bool is_near = scenario_.app.questions == Questions::come_back_to;
    const auto pause = is_near ? between_short_visits : between_visits;
    theatre_.ground.clock.call_in(pause, [this] { visit(); });
}

void Director::schedule(const Mishap& mishap) {
    auto& clock = theatre_.ground.clock;
    const auto when = clock.elapsed() + seconds(mishap.at);
    switch (mishap.kind) {
        case Mishap::Kind::fault: faults_.at_write(mishap.at, mishap.fault); return;
        case Mishap::Kind::outage:
            faults_.in_calls(mishap.at, mishap.at + mishap.length - 1, mishap.fault);
            return;
        case Mishap::Kind::freeze:
            faults_.before_write(mishap.at, [this, length = seconds(mishap.length)] {
                theatre_.turns.freeze_next(length);
            });
            return;
        case Mishap::Kind::rival:
            clock.call_at(when, [this, rival = mishap.rival] {
                if (is_going_home()) {
                    return;  // the question is where the way leads, not who is quicker
                }
                enter({verb_of(rival), policy_of(rival), RequestKind::rollback}, faults_);
            });
            return;
        case Mishap::Kind::request:
            clock.call_at(when, [this, request = mishap.request] { ask(request); });
            return;
        case Mishap::Kind::edit:
            clock.call_at(when, [this, kind = mishap.edit] { edit(kind); });
            return;
        case Mishap::Kind::stale:
            clock.call_at(when, [this, length = seconds(mishap.length)] {
                const auto now = theatre_.ground.clock.elapsed();
                theatre_.scenery.standstill = {now, now + length, theatre_.ground.cluster.world()};
            });
            return;
        case Mishap::Kind::silence:
            clock.call_at(when, [this, length = seconds(mishap.length)] {
                auto& ground = theatre_.ground;
                ground.metrics.fall_silent(ground.clock.elapsed() + length);
            });
            return;
        case Mishap::Kind::jump:
            clock.call_at(when, [&clock, by = minutes(mishap.length)] { clock.jump_wall(by); });
            return;
    }
}

void Director::play_with_mishaps() {
    for (const auto& mishap : scenario_.mishaps) {
        schedule(mishap);
    }
    if (scenario_.app.questions != Questions::none) {
        visit();
    }
    enter({Order::Verb::start}, faults_);
    run();
    for (int round = 0; round < rounds_with_mishaps && !has_ended(); ++round) {
        theatre_.ground.clock.advance(seconds(1));
        enter(next_order(Order::Verb::resume), faults_);
        run();
    }
}

void Director::play_without() {
    auto& clock = theatre_.ground.clock;
    times_.calm_since = clock.elapsed();
    are_journals_lost_ = scenario_.last_will == LastWill::back_without_journal;
    come_to_an_end();
    times_.ended_at = clock.elapsed();
    clock.advance(until_all_has_landed);
    run();             // whoever entered meanwhile
    come_to_an_end();  // with a rollout of its own, perhaps
}

void Director::come_to_an_end() {
    for (int round = 0; round < rounds_without && !has_ended(); ++round) {
        const bool is_patient = round < rounds_of_patience && !is_going_home();
        enter(next_order(is_patient ? Order::Verb::resume : Order::Verb::turn_back), no_faults_);
        run();
        theatre_.ground.clock.advance(seconds(1));
    }
}

/// A journal with another rollout of its own goes on with that one.
bool Director::knows(int machine, const RolloutId& rollout) {
    const auto known = simcluster::run(theatre_.ground.journals.of(machine).list({}));
    return known.empty() || known.front().id == rollout;
}

/// Where the Lease was deleted, only a journal that has the rollout can be asked to go on with it:
/// elsewhere that would be the start of another one.
int Director::writes_of_latecomers() {
    int writes = 0;
    const auto ended = newest()->id;
    if (named_by_lease(theatre_).empty()) {
        only_machine_ = machine_that_has(theatre_, ended);
    }
    for (const auto verb : {Order::Verb::resume, Order::Verb::turn_back}) {
        are_journals_lost_ = are_journals_lost_ || !knows(next_machine(), ended);
        const auto& actor = enter({verb}, no_faults_);
        run();
        writes += actor.writes();
    }
    return writes;
}

PlayResult Director::result() {
    Ending ending;
    ending.record = newest();
    ending.took = times_.ended_at - times_.calm_since;
    ending.is_bad_version = is_bad(scenario_.version);
    if (has_ended()) {
        ending.writes_after_end = writes_of_latecomers();
    }
    ending.world = theatre_.ground.cluster.world();
    theatre_.checker.on_end(ending, theatre_.ground.clock.elapsed());
    PlayResult result;
    result.violations = theatre_.checker.violations();
    result.end = ending.record ? deployctl::to_text(ending.record->state) : "nothing begun";
    result.normal = normal_text(theatre_.draft.plan, ending.world);
    result.log = theatre_.log;
    for (const auto& actor : actors_) {
        result.deaths += actor->has_died() ? 1 : 0;
        result.writes += actor->writes();
    }
    result.took = theatre_.ground.clock.elapsed();
    return result;
}

}  // namespace

PlayResult play(const Scenario& scenario, EventLog event_log) {
    Theatre theatre(scenario, event_log);
    if (!theatre.draft.refusals.empty()) {
        PlayResult refused;
        refused.end = "refused";
        return refused;
    }
    Director director(scenario, theatre);
    director.play_with_mishaps();
    director.play_without();
    return director.result();
}

}  // namespace deployctl::simulation
