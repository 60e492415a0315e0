// SPDX-License-Identifier: Apache-2.0
// Steps that do something beside the pods: in order, journaled before and after, never lost, never
// passed over, and not gone back over where that would hurt.
#include "engine/plan_json.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/elsewhere.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

HookSettings hook(const std::string& name) {
    HookSettings made;
    made.name = name;
    made.run = {"./" + name + ".sh", "${version}"};
    return made;
}

TaskReport failed(const std::string& why) {
    return {TaskEnd::failed, why, {}};
}

struct Shop : Stage {
    Shop() {
        DatabaseSettings web;
        web.run = {"./backup.sh", "${env}"};
        web.when = BackupWhen::before_infra;
        configuration.backup.databases = {{"web", web}};
        configuration.hooks.pre_deploy = {hook("expand")};
        configuration.hooks.post_verify = {hook("contract")};
        configuration.hooks.post_verify.front().migration = Migration::contract;
        configuration.hooks.on_rollback = {hook("purge")};
        configuration.strategies.canary.steps = {{50, seconds(10)}};
        configuration.strategies.canary.gates.clear();
        beyond.tasks.take(seconds(30), clock);
    }

    std::vector<std::string> asked() {
        std::vector<std::string> names;
        for (const auto& order : beyond.tasks.orders()) {
            names.push_back(order.name);
        }
        return names;
    }

    void fail(const std::string& task) {
        beyond.tasks.answer(task, [](const TaskOrder&) { return failed("exit code 3"); });
    }

    std::vector<std::string> told() {
        std::vector<std::string> lines;
        for (const auto& event : run(store.events(newest().id, 0))) {
            if (event.type.starts_with("task.")) {
                lines.push_back(
                    event.type + " " + event.data.text("/task") + " " + event.data.text("/end")
                );
            }
        }
        return lines;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("backup, hooks before and hooks after stand around the strategy's steps", "[engine]") {
    Shop shop;
    const auto plan = shop.draft(StrategyKind::canary, "v2").plan;
    const auto text = to_text(plan.course.steps);
    CHECK_THAT(
        text,
        Catch::StartsWith("prepare: record the snapshot in the cluster\n"
                          "backup: run task backup-web\n"
                          "pre-deploy: run task expand\n") &&
            Catch::EndsWith("post-verify: run task contract\n")
    );
    CHECK_THAT(to_text(plan.way_back), Catch::EndsWith("on-rollback: run task purge\n"));
    const auto& program = std::get<ProgramWork>(plan.tasks.at("expand").work);
    CHECK(program.run == Lines{"./expand.sh", "v2"});
}

TEST_CASE("each task is run once and journaled before and after", "[engine]") {
    Shop shop;
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::done);
    CHECK(shop.asked() == Lines{"backup-web", "expand", "contract"});
    CHECK(
        shop.told() ==
        Lines{
            "task.started backup-web ",
            "task.finished backup-web done",
            "task.started expand ",
            "task.finished expand done",
            "task.started contract ",
            "task.finished contract done",
        }
    );
}

TEST_CASE("a backup that fails stops it before anything is changed", "[engine]") {
    Shop shop;
    shop.fail("backup-web");
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::blocked);
    CHECK(result.rollout.state == RolloutState::aborted);
    CHECK_THAT(result.cause->headline, Contains("backup-web") && Contains("exit code 3"));
    CHECK(shop.asked() == Lines{"backup-web"});
}

TEST_CASE("a migration that fails sends the release back, and its hooks are run", "[engine]") {
    Shop shop;
    shop.fail("expand");
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    CHECK(shop.asked() == Lines{"backup-web", "expand", "purge"});
    CHECK_THAT(shop.end_state(), Catch::StartsWith("registry/shop/web:v1 x4"));
}

TEST_CASE("a hook of the way back that fails does not keep it from its end", "[engine]") {
    Shop shop;
    const bool is_unknown = GENERATE(false, true);
    shop.fail("expand");
    shop.beyond.tasks.answer("purge", [is_unknown](const TaskOrder&) {
        const auto end = is_unknown ? TaskEnd::cannot_tell : TaskEnd::failed;
        return TaskReport{end, "not what it was", {}};
    });
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    CHECK(result.rollout.state == RolloutState::rolled_back);
}

TEST_CASE("a hook that only warns lets it go on", "[engine]") {
    Shop shop;
    shop.configuration.hooks.pre_deploy.front().on_error = OnTaskError::warn;
    shop.fail("expand");
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::done);
    CHECK(shop.told()[3] == "task.finished expand failed");
}

TEST_CASE("nothing goes back by itself once a contract migration has begun", "[engine]") {
    Shop shop;
    shop.fail("contract");
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::paused);
    CHECK(result.rollout.state == RolloutState::paused);
    CHECK_THAT(result.cause->later.back(), Contains("contract"));
    CHECK_THAT(shop.end_state(), Catch::StartsWith("registry/shop/web:v2 x4"));

    SECTION("a person may send it back") {
        const auto back = shop.turn_back(RequestKind::rollback);
        CHECK(back.exit == ExitCode::done);
        CHECK_THAT(shop.end_state(), Catch::StartsWith("registry/shop/web:v1 x4"));
    }
    SECTION("going on runs it again") {
        shop.beyond.tasks.answer("contract", [](const TaskOrder&) {
            return TaskReport{TaskEnd::done, "", {}};
        });
        CHECK(shop.resume().exit == ExitCode::done);
    }
}

TEST_CASE("an interrupt past a contract migration holds, whatever on_interrupt says", "[engine]") {
    Shop shop;
    shop.configuration.on_interrupt = OnInterrupt::rollback;
    shop.beyond.tasks.answer("contract", [&shop](const TaskOrder&) {
        shop.interrupts.send(Interrupt::interrupt);
        return failed("interrupted with it");
    });
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.rollout.state == RolloutState::paused);
    CHECK_THAT(shop.end_state(), Catch::StartsWith("registry/shop/web:v2 x4"));
}

TEST_CASE("a runner that dies in a task leaves it open: repeated, or asked about", "[engine]") {
    Shop shop;
    const auto after_crash = GENERATE(AfterCrash::repeat, AfterCrash::ask);
    shop.configuration.hooks.pre_deploy.front().after_crash = after_crash;
    bool is_first = true;
    shop.beyond.tasks.answer("expand", [&](const TaskOrder&) -> TaskReport {
        if (std::exchange(is_first, false)) {
            throw SimulatedCrash();
        }
        return {TaskEnd::done, "", {}};
    });
    CHECK_THROWS_AS(shop.start(StrategyKind::canary, "v2"), SimulatedCrash);
    shop.replace_runner();
    auto result = shop.resume();
    if (after_crash == AfterCrash::ask) {
        CHECK(result.exit == ExitCode::paused);
        CHECK_THAT(result.cause->headline, Contains("is gone"));
        CHECK(shop.beyond.tasks.orders().size() == 2);
        result = shop.resume();
    }
    CHECK(result.exit == ExitCode::done);
    const auto& orders = shop.beyond.tasks.orders();
    REQUIRE(orders.size() == 4);
    CHECK(orders[2].name == "expand");
    CHECK(orders[2].attempt.is_repeat);
    CHECK(orders[2].attempt.id != orders[1].attempt.id);
}

TEST_CASE("another machine repeats no task that the Lease shows as done", "[engine]") {
    Shop shop;
    const auto after_crash = GENERATE(AfterCrash::repeat, AfterCrash::ask);
    const bool dies_in_it = GENERATE(true, false);
    shop.configuration.hooks.pre_deploy.push_back(hook("seed"));
    shop.configuration.hooks.pre_deploy.back().after_crash = after_crash;
    if (dies_in_it) {
        shop.beyond.tasks.answer("seed", [](const TaskOrder&) -> TaskReport {
            throw SimulatedCrash();
        });
    } else {
        shop.faults.at_write(60, Fault::crash_after);
    }
    CHECK_THROWS_AS(shop.start(StrategyKind::canary, "v2"), SimulatedCrash);
    shop.runners.say("ada@laptop", Liveness::dead);
    shop.beyond.tasks.answer("seed", [](const TaskOrder&) {
        return TaskReport{TaskEnd::done, "", {}};
    });

    Elsewhere other(shop);
    other.runners.say("ada@laptop", Liveness::dead);
    other.adopt();
    auto result = other.resume();
    if (dies_in_it && after_crash == AfterCrash::ask) {
        CHECK(result.exit == ExitCode::paused);
        CHECK_THAT(result.cause->headline, Contains("seed"));
        result = other.resume();
    }
    CHECK(result.exit == ExitCode::done);
    const auto names = shop.asked();
    CHECK(std::ranges::count(names, "backup-web") == 1);
    CHECK(std::ranges::count(names, "expand") == 1);
    CHECK(std::ranges::count(names, "seed") == (dies_in_it ? 2 : 1));
    CHECK(std::ranges::count(names, "contract") == 1);
}

TEST_CASE("a gate that fails calls a running task off and sends the release back", "[engine]") {
    Shop shop;
    shop.clock.call_in(seconds(40), [&shop] {
        const auto rollout = shop.newest();
        const Request wish{0, RequestKind::rollback, "bob@laptop", "not today"};
        run(shop.store.make_request(rollout.id, wish));
    });
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.rollout.state == RolloutState::rolled_back);
    CHECK_THAT(shop.end_state(), Catch::StartsWith("registry/shop/web:v1 x4"));
    const auto lines = shop.told();
    CHECK(std::ranges::count(lines, "task.started expand ") == 1);
    CHECK(std::ranges::count(lines, "task.finished expand done") == 0);
}

TEST_CASE("a wish that a running task cannot follow is heard and does not end it", "[engine]") {
    Shop shop;
    const auto kind = GENERATE(RequestKind::advance, RequestKind::resume, RequestKind::retry);
    shop.clock.call_in(seconds(40), [&shop, kind] {
        run(shop.store.make_request(shop.newest().id, {0, kind, "bob@laptop", "hurry"}));
    });
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    CHECK(shop.asked() == Lines{"backup-web", "expand", "contract"});
    CHECK(run(shop.store.pending_requests(shop.newest().id)).empty());
}

TEST_CASE("a task that is called off stays open: it is told that it is repeated", "[engine]") {
    Shop shop;
    shop.configuration.hooks.pre_deploy.front().after_crash = AfterCrash::ask;
    shop.clock.call_in(seconds(40), [&shop] {
        run(shop.store.make_request(shop.newest().id, {0, RequestKind::pause, "bob@laptop", ""}));
    });
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::paused);
    const auto asked = shop.resume();
    CHECK(asked.exit == ExitCode::paused);
    CHECK_THAT(asked.cause->headline, Contains("nobody knows how it ended"));
    CHECK(shop.resume().exit == ExitCode::done);
    const auto& orders = shop.beyond.tasks.orders();
    REQUIRE(orders.size() == 4);
    CHECK(orders[2].name == "expand");
    CHECK(orders[2].attempt.is_repeat);
}

TEST_CASE("what a task says while it is called off is journaled", "[engine]") {
    Shop shop;
    shop.beyond.tasks.end_in_their_own_way();
    shop.beyond.tasks.answer("expand", [](const TaskOrder& order) {
        order.tell(Value::map({{"text", "made: a.b"}}));
        auto report = failed("stopped, and its state is saved");
        report.evidence = Value::map({{"completed", lines_value({"a.b"})}});
        return report;
    });
    shop.clock.call_in(seconds(40), [&shop] {
        run(shop.store.make_request(shop.newest().id, {0, RequestKind::pause, "bob@laptop", ""}));
    });
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::paused);
    Lines texts;
    for (const auto& event : run(shop.store.events(shop.newest().id, 0))) {
        if (event.type == "task.told") {
            texts.push_back(event.data.text("/data/text"));
            CHECK(event.data.at("/data/evidence/completed").items("").size() < 2);
        }
    }
    CHECK(texts == Lines{"made: a.b", "called off: stopped, and its state is saved"});
}

TEST_CASE("a task that nobody can tell of pauses", "[engine]") {
    Shop shop;
    shop.beyond.tasks.answer("expand", [](const TaskOrder&) {
        return TaskReport{TaskEnd::cannot_tell, "locked by ada@laptop", {}};
    });
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::paused);
    CHECK_THAT(result.cause->headline, Contains("locked by ada@laptop"));
}

TEST_CASE("what a stack destroys needs an approval by name", "[engine]") {
    Shop shop;
    StackSettings settings;
    settings.apply = ApplyWhen::before_traffic;
    engine::PlannedStack stack;
    stack.work.stack = "data";
    stack.work.settings = settings;
    stack.work.changes = {"- aws_db_instance.main"};
    stack.destroys = {"aws_db_instance.main"};
    auto plan = shop.draft(StrategyKind::rolling, "v2").plan;
    const auto refusals = engine::use_tasks(plan, shop.configuration, {{stack}, {}});
    REQUIRE(refusals.size() == 1);
    CHECK_THAT(refusals.front(), Contains("aws_db_instance.main"));

    stack.work.settings.approval = "dba";
    auto asking = shop.draft(StrategyKind::rolling, "v2").plan;
    CHECK(engine::use_tasks(asking, shop.configuration, {{stack}, {}}).empty());
    CHECK_THAT(
        to_text(asking.course.steps),
        Contains("infra: wait for approval dba\ninfra: run task apply-data\n")
    );
}

TEST_CASE("a plan with tasks reads back from its JSON as it was", "[engine]") {
    Shop shop;
    shop.configuration.hooks.pre_deploy.front().migration = Migration::expand;
    auto plan = shop.draft(StrategyKind::canary, "v2").plan;
    StackWork stack;
    stack.stack = "data";
    stack.settings.dir = "infra/data";
    stack.settings.on_rollback = StackWayBack::revert;
    stack.changes = {"~ x.y: z"};
    stack.reverts = true;
    plan.tasks["apply-data"] = {stack, minutes(1)};
    plan.tasks["job"] = {JobWork{Value::map({{"kind", "Job"}})}, minutes(2)};
    const auto again = engine::read_plan(engine::to_value(plan));
    CHECK(again.tasks == plan.tasks);
    CHECK(engine::hash_of(again) == engine::hash_of(plan));
}
