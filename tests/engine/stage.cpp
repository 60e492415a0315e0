// SPDX-License-Identifier: Apache-2.0
#include "tests/engine/stage.hpp"

#include "engine/scaled_objects.hpp"
#include "simcluster/run.hpp"
#include "simcluster/traffic.hpp"

#include <algorithm>

namespace deployctl::tests {

using namespace simcluster;

Stage::Stage(Pace pace)
    : cluster(clock, pace),
      store(clock),
      interrupts(clock),
      faulty_cluster(cluster, faults, clock),
      faulty_store(store, faults) {
    cluster.add(a_deployment("web").replicas(4).image("registry/shop/web:v1"))
        .add(a_service("web"))
        .settle();
    configuration.app.name = "web";
    configuration.app.workload.name = "web";
    configuration.timeouts.first_ready = seconds(60);
    configuration.strategies.canary.steps = {{25, seconds(10)}, {50, seconds(10)}};
    HttpQuestion question;
    question.path = "/";
    question.requests = 20;
    question.max_errors = 0.05;
    GateSettings gate{{}, question};
    gate.policy.every = seconds(2);
    gate.policy.fail_after = 2;
    configuration.gates["errors"] = gate;
    configuration.strategies.canary.gates = {"errors"};
    configuration.strategies.blue_green.gates = {"errors"};
    configuration.strategies.rolling.gates = {"errors"};
    clock.give_up_after(std::chrono::hours(12));
}

engine::Ports Stage::ports() {
    auto& world = faults_are_over_ ? static_cast<Cluster&>(cluster) : faulty_cluster;
    auto& journal = faults_are_over_ ? static_cast<Store&>(store) : faulty_store;
    return ports_to(world, journal, runners);
}

engine::Ports Stage::ports_to(Cluster& way, Store& journal, Runners& who) {
    return {way, journal, clock, ids, sink, interrupts, who, beyond.outside()};
}

engine::RunOptions Stage::options() const {
    engine::RunOptions options;
    options.initiator = runners.self().identity;
    options.lock = engine::LockPolicy::wait;
    options.timeout = timeout;
    options.on_pause = on_pause;
    return options;
}

engine::PlanDraft Stage::draft(StrategyKind strategy, const std::string& tag) {
    engine::PlanRequest request;
    request.configuration = configuration;
    request.environment = environment;
    request.strategy = strategy;
    request.tag = tag;
    request.target = {"web", "", "shop", run(cluster.identify()).uid};
    const auto world = run(cluster.look());
    auto* const wanted = &request;
    run(engine::note_scaled_object(&cluster, world, wanted));
    const engine::ObjectQuery objects{"shop", {"Deployment", "web", ""}, manifests, last_objects};
    request.beside.tasks = tasks;
    request.beside.objects = run(engine::read_objects(cluster, objects));
    request.beside.config = run(engine::read_config(cluster, engine::config_query(world, request)));
    return engine::make_plan(world, request);
}

engine::RunResult Stage::start(StrategyKind strategy, const std::string& tag) {
    return run(engine::start(ports(), draft(strategy, tag).plan, options()));
}

engine::RunResult Stage::start_with(
    Process& programs, StrategyKind strategy, const std::string& tag
) {
    const Outside outside{
        beyond.metrics,
        beyond.http,
        programs,
        beyond.files,
        beyond.registry,
        beyond.assessor,
        beyond.tasks,
    };
    const engine::Ports ports{cluster, store, clock, ids, sink, interrupts, runners, outside};
    return run(engine::start(ports, draft(strategy, tag).plan, options()));
}

engine::RunResult Stage::resume() {
    return run(engine::resume(ports(), newest(), options()));
}

engine::RunResult Stage::retry() {
    return run(engine::retry(ports(), newest(), options()));
}

engine::RunResult Stage::turn_back(RequestKind kind) {
    return run(engine::turn_back(ports(), newest(), kind, options()));
}

engine::RunResult Stage::roll_back_from_cluster(Store& empty_store) {
    const Target target{"web", "", "shop", run(cluster.identify()).uid};
    const auto with_empty = ports_to(cluster, empty_store, runners);
    return run(engine::roll_back_from_cluster(with_empty, "web", target, options()));
}

void Stage::replace_runner() {
    const auto dead = runners.self();
    runners = ScriptedRunners("bob@laptop", dead.pid + 1);
    runners.say(dead.identity, Liveness::dead);
    faults_are_over_ = true;
}

RolloutRecord Stage::newest() {
    return run(store.list({})).at(0);
}

std::string Stage::end_state() {
    cluster.settle();
    const auto web = cluster.object(in_shop(Kind::deployment, "web"));
    std::string text = web.text("/spec/template/spec/containers/0/image") + " x" +
                       std::to_string(web.number("/spec/replicas"));
    for (const auto* name : {"web-canary", "web-preview"}) {
        const auto candidate = cluster.object(in_shop(Kind::deployment, name));
        if (!candidate.is_null()) {
            text += ", candidate x" + std::to_string(candidate.number("/spec/replicas"));
        }
    }
    const auto service = cluster.object(in_shop(Kind::service, "web"));
    for (const auto& [key, value] : service.members("/spec/selector")) {
        text += ", " + key + "=" + value.text("");
    }
    return text;
}

void Stage::keep_ready(int floor) {
    served_.push_back({clock.elapsed(), floor});
    cluster.watch([this](const World& world) {
        served_.push_back({clock.elapsed(), served_by(world, "web").ready_endpoints});
    });
}

int Stage::fewest_ready() const {
    return std::ranges::min(served_, {}, &Served::ready_endpoints).ready_endpoints;
}

Duration Stage::time_below(int floor) const {
    Duration total{};
    for (std::size_t i = 0; i < served_.size(); ++i) {
        const auto until = i + 1 < served_.size() ? served_[i + 1].since : clock.elapsed();
        if (served_[i].ready_endpoints < floor) {
            total += until - served_[i].since;
        }
    }
    return total;
}

}  // namespace deployctl::tests
