// SPDX-License-Identifier: Apache-2.0
// A gate whose answer takes minutes, in a whole rollout: what watches the pods goes on meanwhile.
#include "gates/policy.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

/// A program that takes its time beside everything else, and then ends with this code.
struct SlowProcess final : Process {
    explicit SlowProcess(const VirtualClock& clock) : time(clock) {}

    Task<CommandResult> run(Command) override {
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        ++begun;
        const auto until = time.elapsed() + takes;
        while (time.elapsed() < until) {
            co_await boost::asio::post(executor, boost::asio::use_awaitable);
        }
        ++ended;
        CommandResult result;
        result.exit_code = exit_code;
        co_return result;
    }

    const VirtualClock& time;
    Duration takes = minutes(2);
    int exit_code = 0;
    int begun = 0;
    int ended = 0;
};

struct Shop : Stage {
    Shop() {
        auto gate = gate_of("command").value();
        auto& question = std::get<CommandQuestion>(gate.question);
        question.run = {"smoke"};
        question.timeout = minutes(3);
        gate.policy.every = minutes(1);
        configuration.gates = {{"smoke", gate}};
        configuration.strategies.canary.gates = {"smoke"};
        configuration.strategies.canary.steps = {{25, seconds(30)}};
    }

    engine::RunResult roll() { return start_with(programs, StrategyKind::canary, "v2"); }

    std::vector<std::string> answers() {
        std::vector<std::string> answers;
        for (const auto& event : run(store.events(newest().id, 0))) {
            if (event.type == "gate.evaluated") {
                answers.push_back(event.data.text("/answer"));
            }
        }
        return answers;
    }

    int not_counted() {
        int found = 0;
        for (const auto& event : run(store.events(newest().id, 0))) {
            found += event.data.text("/decision") == gates::not_counted ? 1 : 0;
        }
        return found;
    }

    SlowProcess programs{clock};
};

}  // namespace

TEST_CASE("a step waits for a program that takes longer than its hold", "[engine]") {
    Shop shop;
    const auto begun = shop.clock.elapsed();
    CHECK(shop.roll().exit == ExitCode::done);
    CHECK(shop.clock.elapsed() - begun >= 2 * minutes(2));  // 25 % and 100 %
    CHECK(shop.programs.ended >= 2);
    CHECK(shop.answers() == std::vector<std::string>(shop.answers().size(), "pass"));
}

TEST_CASE("a program that fails sends the version back", "[engine]") {
    Shop shop;
    shop.programs.exit_code = 3;
    const auto result = shop.roll();
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK_THAT(result.cause->headline, Contains("smoke: exit code 3"));
    CHECK(shop.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
}

TEST_CASE("pods that crash are seen while a program is still running", "[engine]") {
    Shop shop;
    shop.programs.takes = std::chrono::hours(1);
    shop.cluster.behave("v2", flaky(seconds(20)));
    const auto begun = shop.clock.elapsed();
    const auto result = shop.roll();
    CHECK(result.exit == ExitCode::rolled_back);
    CHECK(shop.clock.elapsed() - begun < minutes(5));
    REQUIRE(result.cause);
    CHECK(result.cause->kind != "gate");
}

TEST_CASE("an answer that was asked for in one step does not end another", "[engine]") {
    Shop shop;
    shop.programs.takes = seconds(45);
    CHECK(shop.roll().exit == ExitCode::done);
    // The background's question of the hold is called off with it, and asked anew for its end.
    CHECK(shop.programs.begun > shop.programs.ended);
}

TEST_CASE("an answer that comes as its wait ends is kept, and counts for no other", "[engine]") {
    int found = 0;
    for (int after = 10; after < 40; ++after) {
        CAPTURE(after);
        Shop shop;
        shop.programs.takes = seconds(10);
        shop.clock.call_in(seconds(after), [&shop] {
            const Request advance{0, RequestKind::advance, "eve@ci", ""};
            run(shop.store.make_request(shop.newest().id, advance));
        });
        CHECK(shop.roll().exit == ExitCode::done);
        CHECK(
            shop.answers() ==
            std::vector<std::string>(static_cast<std::size_t>(shop.programs.ended), "pass")
        );
        found += shop.not_counted();
    }
    CHECK(found > 0);
}

TEST_CASE("what decides nothing is waited for once a stage, as long as it may take", "[engine]") {
    Shop shop;
    auto& policy = shop.configuration.gates["smoke"].policy;
    if (GENERATE(true, false)) {
        policy.dry_run = true;
    } else {
        policy.on_fail = OnGateFail::notify;
    }
    const auto begun = shop.clock.elapsed();
    SECTION("its answer is told, and nothing follows") {
        shop.programs.exit_code = 3;
        CHECK(shop.roll().exit == ExitCode::done);
        CHECK(shop.answers() == std::vector<std::string>{"fail", "fail"});  // 25 % and 100 %
    }
    SECTION("one that has answered in the hold is not waited for at its end") {
        shop.programs.takes = seconds(5);
        CHECK(shop.roll().exit == ExitCode::done);
        CHECK(shop.clock.elapsed() - begun < minutes(2));
        CHECK(shop.answers().size() >= 2);
    }
    SECTION("one that never answers is out of time") {
        shop.programs.takes = std::chrono::hours(10);
        CHECK(shop.roll().exit == ExitCode::done);
        CHECK(shop.answers() == std::vector<std::string>{"error", "error"});
        CHECK(shop.clock.elapsed() - begun < minutes(10));
    }
}
