// SPDX-License-Identifier: Apache-2.0
#include "simulation/scenario.hpp"

#include "simulation/dice.hpp"

#include <algorithm>

namespace deployctl::simulation {

namespace {

using simcluster::Fault;

// A play makes so many writes and calls, more or less, and takes so long.
constexpr int last_write = 140;
constexpr int last_call = 300;
constexpr int last_second = 150;

const char* name_of(VersionKind kind) {
    switch (kind) {
        case VersionKind::good: return "good";
        case VersionKind::slow: return "slow";
        case VersionKind::flaky: return "flaky";
        case VersionKind::errors: return "errors";
        case VersionKind::crash: return "crash";
        case VersionKind::unready: return "unready";
        case VersionKind::turns_unready: return "turns unready";
    }
    return "";
}

const char* name_of(RivalKind kind) {
    switch (kind) {
        case RivalKind::waits: return "waits";
        case RivalKind::takes_over: return "takes over";
        case RivalKind::refuses: return "refuses";
        case RivalKind::goes_back: return "waits, and goes back";
        case RivalKind::starts: return "starts a rollout of its own";
    }
    return "";
}

const char* name_of(Fault fault) {
    switch (fault) {
        case Fault::none: return "none";
        case Fault::crash_before: return "crash before";
        case Fault::crash_after: return "crash after";
        case Fault::lost_before: return "lost before";
        case Fault::lost_after: return "lost after";
        case Fault::late: return "late";
        case Fault::twice: return "twice";
        case Fault::conflict: return "conflict";
        case Fault::throttled: return "throttled";
        case Fault::forbidden: return "forbidden";
        case Fault::unreadable: return "unreadable";
        case Fault::invalid: return "invalid";
    }
    return "";
}

std::vector<CanaryStep> draw_steps(Dice& dice) {
    std::vector<CanaryStep> steps;
    int weight = 0;
    for (int count = dice.between(1, 4); count > 0 && weight < 80; --count) {
        weight += dice.between(5, 35);
        steps.push_back({std::min(weight, 95), seconds(dice.between(0, 15))});
        weight = steps.back().weight;
    }
    return steps;
}

AppShape draw_app(Dice& dice) {
    AppShape app;
    app.strategy = dice.one_of<StrategyKind>(
        {StrategyKind::canary, StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling
        }
    );
    app.replicas = dice.between(1, 6);
    app.max_unavailable = app.replicas > 2 && dice.percent(25) ? 1 : 0;
    app.services = dice.percent(20) ? 2 : 1;
    app.autoscaled = app.replicas > 1 && dice.percent(20);
    app.steps = draw_steps(dice);
    app.keep_old = seconds(dice.percent(30) ? dice.between(1, 20) : 0);
    return app;
}

simcluster::Pace draw_pace(Dice& dice) {
    simcluster::Pace pace;
    pace.request = milliseconds(dice.one_of<int>({2, 5, 40, 300}));
    pace.watch = milliseconds(dice.one_of<int>({2, 5, 100, 1500}));
    pace.controller = milliseconds(dice.one_of<int>({5, 20, 400}));
    pace.endpoints = milliseconds(dice.one_of<int>({50, 100, 700}));
    return pace;
}

VersionKind draw_version(Dice& dice) {
    return dice.one_of<VersionKind>({
        VersionKind::good,
        VersionKind::good,
        VersionKind::good,
        VersionKind::slow,
        VersionKind::flaky,
        VersionKind::errors,
        VersionKind::crash,
        VersionKind::unready,
        VersionKind::turns_unready,
    });
}

Mishap a_fault(Dice& dice, const std::vector<Fault>& faults) {
    Mishap mishap;
    mishap.kind = Mishap::Kind::fault;
    mishap.at = dice.between(1, last_write);
    mishap.fault = dice.one_of(faults);
    return mishap;
}

Mishap an_outage(Dice& dice) {
    Mishap mishap;
    mishap.kind = Mishap::Kind::outage;
    mishap.at = dice.between(1, last_call);
    mishap.length = dice.between(2, 30);
    mishap.fault = dice.one_of<Fault>({Fault::lost_before, Fault::lost_after, Fault::throttled});
    return mishap;
}

Mishap a_freeze(Dice& dice) {
    Mishap mishap;
    mishap.kind = Mishap::Kind::freeze;
    mishap.at = dice.between(1, last_write);
    mishap.length = dice.one_of<int>({3, 25, 60, 200});
    return mishap;
}

Mishap a_rival(Dice& dice) {
    Mishap mishap;
    mishap.kind = Mishap::Kind::rival;
    mishap.at = dice.between(0, last_second);
    mishap.rival =
        dice.one_of<RivalKind>({RivalKind::waits, RivalKind::takes_over, RivalKind::refuses});
    return mishap;
}

Mishap a_request(Dice& dice) {
    Mishap mishap;
    mishap.kind = Mishap::Kind::request;
    mishap.at = dice.between(0, last_second);
    mishap.request = dice.one_of<RequestKind>(
        {RequestKind::pause, RequestKind::abort, RequestKind::rollback, RequestKind::advance}
    );
    return mishap;
}

Mishap an_edit(Dice& dice) {
    Mishap mishap;
    mishap.kind = Mishap::Kind::edit;
    mishap.at = dice.between(0, last_second);
    mishap.edit = dice.one_of<EditKind>(
        {EditKind::pod_template, EditKind::pod_template, EditKind::replicas, EditKind::lease}
    );
    return mishap;
}

/// From some second on; of a jump `length` is by how much.
Mishap at_some_time(Dice& dice, Mishap::Kind kind, const std::vector<int>& lengths) {
    Mishap mishap;
    mishap.kind = kind;
    mishap.at = dice.between(0, last_second);
    mishap.length = dice.one_of(lengths);
    return mishap;
}

Mishap stale_looks(Dice& dice) {
    return at_some_time(dice, Mishap::Kind::stale, {2, 8, 20});
}

Mishap silent_metrics(Dice& dice) {
    return at_some_time(dice, Mishap::Kind::silence, {10, 60, 400});
}

Mishap a_jump(Dice& dice) {
    return at_some_time(dice, Mishap::Kind::jump, {-90, -5, 5, 90});
}

/// A runner stands still before a write; another one, which has waited for that, goes back: only
/// seal and fence keep the first one's write from landing, since what it meets may be as it was.
void add_race(Dice& dice, std::vector<Mishap>& mishaps) {
    auto freeze = a_freeze(dice);
    freeze.at = dice.between(5, 45);  // the first write of each object is the delicate one
    freeze.length = 200;
    auto rival = a_rival(dice);
    rival.at = dice.between(1, 10);
    rival.rival = RivalKind::goes_back;
    mishaps.insert(mishaps.end(), {freeze, rival});
}

/// A swarm: each play has its own few kinds of mishaps, so that no kind hides another for ever.
std::vector<Mishap> draw_mishaps(Dice& dice) {
    const std::vector<Fault> deaths{Fault::crash_before, Fault::crash_after};
    const std::vector<Fault> replies{
        Fault::lost_before,
        Fault::lost_after,
        Fault::conflict,
        Fault::throttled,
        Fault::late,
        Fault::twice,
    };
    std::vector<Mishap> mishaps;
    const auto add = [&](int share, int most, auto draw) {
        for (int count = dice.percent(share) ? dice.between(1, most) : 0; count > 0; --count) {
            mishaps.push_back(draw());
        }
    };
    add(50, 3, [&] { return a_fault(dice, deaths); });
    add(50, 6, [&] { return a_fault(dice, replies); });
    add(15, 2, [&] { return an_outage(dice); });
    add(30, 2, [&] { return a_freeze(dice); });
    add(30, 2, [&] { return a_rival(dice); });
    add(30, 2, [&] { return a_request(dice); });
    add(10, 2, [&] { return a_jump(dice); });
    if (dice.percent(30)) {
        add_race(dice, mishaps);
    }
    return mishaps;
}

const char* name_of(JournalPlaces places) {
    switch (places) {
        case JournalPlaces::shared: return "one for all";
        case JournalPlaces::one_each: return "one each";
        case JournalPlaces::two: return "two in turn";
    }
    return "";
}

const char* name_of(EditKind kind) {
    switch (kind) {
        case EditKind::pod_template: return "changes the pod template";
        case EditKind::replicas: return "scales web";
        case EditKind::lease: return "deletes the Lease";
    }
    return "";
}

/// By dice of its own, so that a seed which is remembered still draws all the rest as it did.
void draw_journals(Scenario& scenario) {
    Dice dice(~scenario.seed);
    scenario.journals = dice.percent(20) ? JournalPlaces::one_each : JournalPlaces::shared;
    scenario.medium = dice.percent(10) ? Medium::sqlite : Medium::memory;
}

void draw_metrics(Scenario& scenario, Dice& dice) {
    scenario.is_measured = dice.percent(70);
    if (scenario.is_measured && dice.percent(30)) {
        scenario.mishaps.push_back(silent_metrics(dice));
    }
}

void draw_edits(Scenario& scenario, Dice& dice) {
    for (int count = dice.percent(50) ? dice.between(1, 2) : 0; count > 0; --count) {
        scenario.mishaps.push_back(an_edit(dice));
    }
}

TaskShape draw_tasks(Dice& dice) {
    TaskShape tasks;
    tasks.seconds = dice.between(1, 30);
    tasks.expand_fails = dice.percent(15);
    tasks.contract_fails = dice.percent(15);
    tasks.after_crash = dice.percent(50) ? AfterCrash::ask : AfterCrash::repeat;
    return tasks;
}

void draw_extras(Scenario& scenario, Extras extras) {
    Dice dice(scenario.seed ^ 0x5eed);
    if (extras.edits) {
        draw_edits(scenario, dice);
    }
    if (extras.behind && dice.percent(50)) {
        scenario.journals = JournalPlaces::two;
    }
    if (extras.stale_looks && dice.percent(50)) {
        scenario.mishaps.push_back(stale_looks(dice));
    }
    if (extras.measured) {
        draw_metrics(scenario, dice);
    }
    if (extras.fresh && dice.percent(75)) {
        scenario.app.baseline = CanaryBaseline::fresh;
    }
    if (extras.tasks && dice.percent(75)) {
        scenario.app.tasks = draw_tasks(dice);
    }
}

}  // namespace

Scenario draw_scenario(std::uint64_t seed, Extras extras) {
    Dice dice(seed);
    Scenario scenario;
    scenario.seed = seed;
    scenario.extras = extras;
    scenario.app = draw_app(dice);
    scenario.version = draw_version(dice);
    scenario.pace = draw_pace(dice);
    scenario.one_host = dice.percent(50);
    scenario.mishaps = draw_mishaps(dice);
    draw_journals(scenario);
    draw_extras(scenario, extras);
    return scenario;
}

Scenario plain_scenario() {
    Scenario scenario;
    scenario.app.strategy = StrategyKind::canary;
    scenario.app.steps = {
        {10, seconds(10)},
        {25, seconds(10)},
        {40, seconds(10)},
        {50, seconds(10)},
        {75, seconds(10)}
    };
    return scenario;
}

simcluster::Behaviour behaviour_of(VersionKind kind) {
    switch (kind) {
        case VersionKind::good: return simcluster::good();
        case VersionKind::slow: return simcluster::slow(seconds(20));
        case VersionKind::flaky: return simcluster::flaky(seconds(8));
        case VersionKind::errors: return simcluster::failing_requests(0.5);
        case VersionKind::crash: return simcluster::crashing();
        case VersionKind::unready: return simcluster::never_ready();
        case VersionKind::turns_unready: return simcluster::turning_unready(seconds(15));
    }
    return simcluster::good();
}

bool is_bad(VersionKind kind) {
    return kind == VersionKind::errors || kind == VersionKind::crash ||
           kind == VersionKind::unready;
}

std::string to_text(const Extras& extras) {
    return std::string(extras.edits ? " +edits" : "") + (extras.stale_looks ? " +stale" : "") +
           (extras.behind ? " +behind" : "") + (extras.if_silent ? " +if-silent" : "") +
           (extras.measured ? " +measured" : "") + (extras.fresh ? " +fresh" : "") +
           (extras.tasks ? " +tasks" : "");
}

std::string to_text(const Mishap& mishap) {
    const auto at = std::to_string(mishap.at);
    const auto length = std::to_string(mishap.length);
    switch (mishap.kind) {
        case Mishap::Kind::fault: return std::string(name_of(mishap.fault)) + " at write " + at;
        case Mishap::Kind::outage:
            return std::string(name_of(mishap.fault)) + " for " + length + " calls from call " + at;
        case Mishap::Kind::freeze:
            return "the runner of write " + at + " stands still for " + length + "s before it";
        case Mishap::Kind::rival:
            return std::string("a rival that ") + name_of(mishap.rival) + " after " + at + "s";
        case Mishap::Kind::request:
            return std::string(deployctl::to_text(mishap.request)) + " asked for after " + at + "s";
        case Mishap::Kind::edit:
            return std::string("somebody ") + name_of(mishap.edit) + " after " + at + "s";
        case Mishap::Kind::stale:
            return "watches stand still for " + length + "s after " + at + "s";
        case Mishap::Kind::silence:
            return "the metrics source is silent for " + length + "s after " + at + "s";
        case Mishap::Kind::jump: return "the wall clock jumps by " + length + "m after " + at + "s";
    }
    return "";
}

std::string to_text(const Scenario& scenario) {
    const auto& app = scenario.app;
    auto text = std::string(deployctl::to_text(app.strategy)) + " of " +
                std::to_string(app.replicas) + " pods behind " + std::to_string(app.services) +
                " Service(s)" + (app.autoscaled ? " with an autoscaler" : "") +
                (app.questions != Questions::none ? " that asks people" : "") +
                (app.tasks.seconds > 0 ? " with tasks" : "") + ", maxUnavailable " +
                std::to_string(app.max_unavailable) + ", version " + name_of(scenario.version) +
                (scenario.is_measured ? " as measured" : "") + ", requests " +
                to_short_text(scenario.pace.request) + ", watches " +
                to_short_text(scenario.pace.watch) + ", steps";
    for (const auto& step : app.steps) {
        text += " " + std::to_string(step.weight) + "%/" + to_short_text(step.hold);
    }
    text += app.baseline == CanaryBaseline::fresh ? ", with a fresh baseline" : "";
    text += std::string(", journals ") + name_of(scenario.journals) +
            (scenario.medium == Medium::sqlite ? " in SQLite" : "") + "\n";
    for (const auto& mishap : scenario.mishaps) {
        text += "  " + to_text(mishap) + "\n";
    }
    return text;
}

}  // namespace deployctl::simulation
