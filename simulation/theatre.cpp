// SPDX-License-Identifier: Apache-2.0
#include "simulation/theatre.hpp"

#include "simcluster/builders.hpp"
#include "simcluster/run.hpp"

#include <algorithm>

namespace deployctl::simulation {

namespace {

constexpr Duration longest_play = std::chrono::hours(72);

/// Its requests take their time on the way to it: `WitnessCluster`.
simcluster::Pace without_way(simcluster::Pace pace) {
    pace.request = Duration{};
    return pace;
}

void plant(simcluster::SimCluster& cluster, const std::string& secret) {
    cluster.edit(simcluster::in_shop(Kind::deployment, "web"), [&](Value& web) {
        const std::string container = "/spec/template/spec/containers/0";
        const auto variable = Value::map({{"name", "PASSWORD"}, {"value", secret}});
        web.set(container + "/env", Value::list({variable}));
        web.set(container + "/args", Value::list({"--password=" + secret}));
    });
}

void deploy_by_hand(simcluster::SimCluster& cluster, const std::string& image) {
    cluster.settle();
    cluster.edit(simcluster::in_shop(Kind::deployment, "web"), [&](Value& web) {
        web.set("/spec/template/spec/containers/0/image", image);
    });
}

void build_app(Theatre::Ground& ground, const Scenario& scenario) {
    const auto& app = scenario.app;
    const auto behaviour = behaviour_of(scenario.version);
    ground.cluster.behave("v2", behaviour);
    if (const auto answers = behaviour.paths.find("*"); answers != behaviour.paths.end()) {
        ground.metrics.fail("v2", answers->second.error_share);
    }
    const std::string repository = "registry/shop/web:";
    const std::string present = "v1";
    ground.cluster.add(simcluster::a_deployment("web")
                           .replicas(app.replicas)
                           .unavailable(app.max_unavailable)
                           .image(repository + (app.older.empty() ? present : app.older.front())));
    for (const auto& version : app.older) {
        const bool is_last = &version == &app.older.back();
        deploy_by_hand(ground.cluster, repository + (is_last ? present : *(&version + 1)));
    }
    if (!scenario.planted.empty()) {
        plant(ground.cluster, scenario.planted);
    }
    ground.cluster.add(simcluster::a_service("web"));
    if (app.services > 1) {
        const Labels selector{{"app", "web"}};
        ground.cluster.add(simcluster::a_service("web-internal").selecting(selector));
    }
    if (app.autoscaled) {
        ground.cluster.add(simcluster::an_autoscaler("web").between(app.replicas, app.replicas + 3)
        );
    }
    ground.cluster.settle();
    ground.clock.give_up_after(longest_play);
}

GateSettings asking_gate() {
    HttpQuestion question;
    question.path = "/";
    question.requests = 20;
    question.max_errors = 0.05;
    GateSettings gate{{}, question};
    gate.policy.every = seconds(2);
    gate.policy.fail_after = 2;
    return gate;
}

GateSettings measured_gate() {
    AnalysisQuestion question;
    question.errors = "failures{pod=~\"${pods}\"}";
    question.total = "requests{pod=~\"${pods}\"}";
    question.max = 0.05;
    question.warm_up = seconds(2);
    GateSettings gate{{}, question};
    gate.policy.every = seconds(2);
    gate.policy.fail_after = 1;
    return gate;
}

HookSettings hook(const std::string& name, Migration migration, AfterCrash after_crash) {
    HookSettings made;
    made.name = name;
    made.run = {"migrate", name};
    made.migration = migration;
    made.after_crash = after_crash;
    return made;
}

void add_tasks(Configuration& configuration, const TaskShape& tasks) {
    if (tasks.seconds == 0) {
        return;
    }
    auto& database = configuration.backup.databases["web"];
    database.run = {"dump"};
    database.when = BackupWhen::before_infra;
    auto& hooks = configuration.hooks;
    hooks.pre_deploy = {hook("expand", Migration::expand, tasks.after_crash)};
    hooks.post_verify = {hook("contract", Migration::contract, tasks.after_crash)};
    hooks.on_rollback = {hook("purge", Migration::none, AfterCrash::repeat)};
}

Configuration configure(const Scenario& scenario) {
    Configuration configuration;
    configuration.app.name = "web";
    configuration.app.workload.name = "web";
    configuration.timeouts.first_ready = seconds(60);
    configuration.gates["errors"] = scenario.is_measured ? measured_gate() : asking_gate();
    configuration.prometheus.emplace();
    auto& strategies = configuration.strategies;
    strategies.canary.steps = scenario.app.steps;
    strategies.canary.keep_old = scenario.app.keep_old;
    strategies.canary.baseline = scenario.app.baseline;
    strategies.blue_green.keep_old = scenario.app.keep_old;
    strategies.canary.gates = {"errors"};
    strategies.blue_green.gates = {"errors"};
    strategies.rolling.gates = {"errors"};
    if (scenario.app.questions != Questions::none) {
        for (const auto* name : {"release", "sre"}) {
            configuration.approvals[name] = ApprovalSettings{};
        }
        auto& steps = strategies.canary.steps;
        steps.insert(steps.begin() + (steps.empty() ? 0 : 1), CanaryStep{0, Duration{}, "sre"});
        strategies.blue_green.approval = "sre";
    }
    add_tasks(configuration, scenario.app.tasks);
    return configuration;
}

Environment environment_of(const Scenario& scenario) {
    Environment environment;
    if (scenario.app.questions != Questions::none) {
        environment.preflight = {{"errors"}};
        environment.approval = "release";
    }
    return environment;
}

engine::PlanDraft make_draft(Theatre::Ground& ground, const Scenario& scenario) {
    build_app(ground, scenario);
    ground.tasks = scenario.app.tasks;
    engine::PlanRequest request;
    request.configuration = configure(scenario);
    request.environment = environment_of(scenario);
    request.strategy = scenario.app.strategy;
    request.tag = "v2";
    request.target = {"web", "", "shop", simcluster::run(ground.cluster.identify()).uid};
    return engine::make_plan(simcluster::run(ground.cluster.look()), request);
}

Duration longest_standstill(const std::vector<Mishap>& mishaps) {
    Duration longest{};
    for (const auto& mishap : mishaps) {
        const bool is_stale = mishap.kind == Mishap::Kind::stale;
        longest = std::max<Duration>(longest, is_stale ? seconds(mishap.length) : Duration{});
    }
    return longest;
}

/// What a runner sees may be as old as its watches are late, and a look is a while before a write.
Duration lag_of(const simcluster::Pace& pace) {
    return pace.watch + pace.endpoints + 4 * pace.request + seconds(1);
}

}  // namespace

Theatre::Theatre(const Scenario& scenario, EventLog event_log)
    : Theatre(
          scenario.pace,
          "shop",
          [&scenario](Ground& made) { return make_draft(made, scenario); },
          {scenario.planted, scenario.medium, longest_standstill(scenario.mishaps)}
      ) {
    if (event_log == EventLog::kept) {
        scenery.log = [this](const std::string& line) {
            log += deployctl::to_text(ground.clock.elapsed()) + " " + line + "\n";
        };
    }
}

Theatre::Theatre(
    const simcluster::Pace& pace,
    const std::string& kube_namespace,
    const Setting& setting,
    const Particulars& particulars
)
    : ground(without_way(pace), kube_namespace, particulars.medium),
      draft(setting(ground)),
      checker(draft.plan, lag_of(pace) + particulars.standstill, particulars.planted),
      turns(ground.loop, ground.clock),
      scenery{ground.clock, ground.cluster, checker, turns, pace.request, {}, {}, {}} {
    if (particulars.standstill > Duration{}) {
        scenery.standstill.emplace();
    }
    const auto observe = [this](const World& world) {
        ground.metrics.observe(world);
        checker.on_world(world, ground.clock.elapsed());
    };
    observe(ground.cluster.world());
    ground.cluster.watch(observe);
}

}  // namespace deployctl::simulation
