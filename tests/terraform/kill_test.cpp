// SPDX-License-Identifier: Apache-2.0
// A plan of five resources, each of which takes what the one before it is given (nobody knows it
// when the plan is agreed to), and whoever carries it out is killed at each event of the apply: the
// runner, the tool, or both. Whoever takes it up ends right.
#include "plugins/terraform/stack_folder.hpp"
#include "tests/terraform/terraform_bench.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::plugins::terraform;
using tests::lines;
using tests::TerraformBench;

namespace {

constexpr int events = 10;  // five begin, five end

std::string chain(const std::string& effects) {
    std::string text;
    for (int i = 0; i < 5; ++i) {
        const auto name = "r" + std::to_string(i);
        text += "resource \"terraform_data\" \"" + name + "\" {\n";
        text += i == 0 ? "" : "  input = terraform_data.r" + std::to_string(i - 1) + ".id\n";
        text += "  provisioner \"local-exec\" { command = \"sleep 0.3; echo " + name + " >> " +
                effects + "\" }\n}\n";
    }
    text += "output \"first\" {\n  value = terraform_data.r0.id\n}\n";
    return text;
}

enum class Victim { runner, tool, both };

void kill_tool(const TerraformBench& bench) {
    const StackFolder folder(bench.notes());
    const auto run = folder.run();
    if (run && run->process) {
        kill(-static_cast<pid_t>(run->process->pid), SIGKILL);
    }
}

/// Runs it in a process of its own, in which `victim` dies at the event.
void run_and_kill(const TerraformBench& bench, TaskOrder order, int at, Victim victim) {
    const auto child = fork();
    if (child == 0) {
        int count = 0;
        order.tell = [&](const Value& fact) {
            if (!fact.text("/type").starts_with("apply_") || ++count != at) {
                return;
            }
            if (victim != Victim::runner) {
                kill_tool(bench);
            }
            if (victim != Victim::tool) {
                kill(getpid(), SIGKILL);
            }
        };
        bench.run(order);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
}

int resources_of(const TerraformBench& bench) {
    const auto state =
        documents::try_read_json(bench.read("root/terraform.tfstate.d/dev/terraform.tfstate"));
    return state ? static_cast<int>(state->items("/resources").size()) : 0;
}

}  // namespace

TEST_CASE("killed at each event of an apply, it ends right", "[terraform][slow]") {
    const auto victim = GENERATE(Victim::runner, Victim::tool, Victim::both);
    const auto at = GENERATE(1, 4, 7, events);
    CAPTURE(static_cast<int>(victim), at);
    TerraformBench bench;
    bench.write("root/main.tf", chain(bench.path() + "/effects"));
    const auto agreed = lines(bench.plan());
    REQUIRE(agreed.size() == 6);
    auto order = bench.order(agreed);
    run_and_kill(bench, order, at, victim);
    order.attempt.is_repeat = true;
    const auto report = bench.run(order);
    INFO(report.detail);
    CHECK(report.end == TaskEnd::done);
    CHECK(resources_of(bench) == 5);
    CHECK_FALSE(bench.plan().plan.has_changes());
    const auto effects = bench.read("effects");
    for (int i = 0; i < 5; ++i) {
        CHECK(effects.find("r" + std::to_string(i)) != std::string::npos);
    }
    CHECK_FALSE(std::filesystem::exists(bench.notes() + "/run.json"));
    CHECK_FALSE(std::filesystem::exists(bench.root() + "/errored.tfstate"));
}

TEST_CASE("a task that is called off lets the tool save its state", "[terraform]") {
    TerraformBench bench;
    bench.write("root/main.tf", chain(bench.path() + "/effects"));
    auto order = bench.order(lines(bench.plan()));
    boost::asio::io_context loop;
    boost::asio::cancellation_signal stop;
    std::optional<TaskReport> report;
    order.tell = [&](const Value& fact) {
        if (fact.text("/type") == "apply_complete") {
            stop.emit(boost::asio::cancellation_type::terminal);
        }
    };
    plugins::SystemClock clock;
    plugins::HostRunners runners;
    plugins::StackTasks tasks(clock, runners, bench.path() + "/notes");
    boost::asio::co_spawn(
        loop,
        tasks.run(order),
        boost::asio::bind_cancellation_slot(
            stop.slot(), [&](std::exception_ptr, TaskReport ended) { report = std::move(ended); }
        )
    );
    loop.run();
    REQUIRE(report.has_value());
    INFO(report->detail);
    CHECK(report->end == TaskEnd::failed);
    CHECK(report->detail.find("stopped") != std::string::npos);
    CHECK(resources_of(bench) >= 1);
    CHECK(resources_of(bench) < 5);
    CHECK_FALSE(std::filesystem::exists(bench.root() + "/.terraform.tfstate.lock.info"));
}
