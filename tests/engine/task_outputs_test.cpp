// SPDX-License-Identifier: Apache-2.0
// What stacks put out, as arguments of hooks.
#include "engine/task_outputs.hpp"

#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

using Lines = std::vector<std::string>;

HookSettings hook_with(const std::string& argument) {
    HookSettings hook;
    hook.name = "expand";
    hook.run = {"./expand.sh", argument};
    return hook;
}

engine::PlannedStack a_stack() {
    engine::PlannedStack stack;
    stack.work.stack = "data";
    stack.work.settings.apply = ApplyWhen::before_traffic;
    stack.work.changes = {"+ aws_db_instance.main"};
    return stack;
}

struct Shop : Stage {
    explicit Shop(const std::string& argument) {
        configuration.hooks.pre_deploy = {hook_with(argument)};
        tasks.stacks = {a_stack()};
    }

    void put_out(Value outputs) {
        beyond.tasks.answer("apply-data", [outputs = std::move(outputs)](const TaskOrder&) {
            return TaskReport{TaskEnd::done, "applied", Value::map({{"outputs", outputs}})};
        });
    }

    Lines arguments_of(const std::string& task) {
        for (const auto& order : beyond.tasks.orders()) {
            if (order.name == task) {
                return std::get<ProgramWork>(order.task.work).run;
            }
        }
        return {};
    }
};

}  // namespace

TEST_CASE("a hook gets what a stack of its rollout has put out", "[engine]") {
    Shop shop("${infra.data.url}/${infra.data.port}?${infra.data.zones}&${version}");
    shop.put_out(Value::map(
        {{"url", "https://db"}, {"port", 5432}, {"zones", Value::list({Value("a"), Value("b")})}}
    ));
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    CHECK(shop.arguments_of("expand") == Lines{"./expand.sh", R"(https://db/5432?["a","b"]&v2)"});
}

TEST_CASE("what a stack has put out is known to whoever goes on", "[engine][crash]") {
    int crashed = 0;
    for (int write = 4; write < 30; ++write) {
        CAPTURE(write);
        Shop shop("${infra.data.url}");
        shop.put_out(Value::map({{"url", "https://db"}}));
        shop.faults.at_write(write, Fault::crash_after);
        try {
            shop.start(StrategyKind::canary, "v2");
        } catch (const SimulatedCrash&) {
            ++crashed;
            shop.replace_runner();
            CHECK(shop.resume().exit == ExitCode::done);
        }
        CHECK(shop.arguments_of("expand") == Lines{"./expand.sh", "https://db"});
    }
    CHECK(crashed > 10);
}

TEST_CASE("an output that nobody has told is not made up, and nothing is run with it", "[engine]") {
    Shop shop("${infra.data.password}");
    shop.put_out(Value::map({{"url", "https://db"}}));
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK_THAT(result.cause->headline, Contains("${infra.data.password} is not known"));
    CHECK(shop.arguments_of("expand").empty());
}

TEST_CASE("an output that nothing will tell is refused by the plan", "[engine]") {
    Shop shop("${infra.data.url}");
    shop.tasks.stacks.clear();
    const auto draft = shop.draft(StrategyKind::canary, "v2");
    REQUIRE(draft.refusals.size() == 1);
    CHECK_THAT(draft.refusals.front(), Contains("hook expand wants ${infra.data.url}"));
    shop.configuration.hooks.pre_deploy.front().environments = {"elsewhere"};
    CHECK(shop.draft(StrategyKind::canary, "v2").refusals.empty());
}

TEST_CASE("outputs of a stack that stays as it is are in the plan", "[engine]") {
    Shop shop("${infra.data.url}");
    shop.tasks.stacks.clear();
    shop.tasks.outputs = {{"infra.data.url", "https://db"}};
    CHECK(shop.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    CHECK(shop.arguments_of("expand") == Lines{"./expand.sh", "https://db"});
}
