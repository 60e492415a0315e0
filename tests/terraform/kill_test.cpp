// SPDX-License-Identifier: Apache-2.0
// A plan of five resources, each of which takes what the one before it is given (nobody knows it
// when the plan is agreed to), and whoever carries it out is killed at each event of the apply: the
// runner, the tool, or both. Whoever takes it up ends right. What a resource does lasts until it is
// let go, so that each kill meets the event that it is for.
#include "plugins/terraform/stack_folder.hpp"
#include "tests/terraform/terraform_bench.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <iostream>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using namespace deployctl;
using namespace deployctl::plugins::terraform;
using tests::lines;
using tests::TerraformBench;

namespace {

constexpr int resources = 5;
constexpr int events = 2 * resources;  // each begins, and ends

std::string name_of(int number) {
    return "r" + std::to_string(number);
}

std::string chain() {
    std::string text;
    for (int i = 0; i < resources; ++i) {
        const auto name = name_of(i);
        text += "resource \"terraform_data\" \"" + name + "\" {\n";
        text += i == 0 ? "" : "  input = terraform_data." + name_of(i - 1) + ".id\n";
        text += "  provisioner \"local-exec\" { command = \"until [ -e ../go-" + name +
                " ]; do sleep 0.02; done; echo " + name + " >> ../effects\" }\n}\n";
    }
    text += "output \"first\" {\n  value = terraform_data.r0.id\n}\n";
    return text;
}

void let_go(const TerraformBench& bench, const std::string& address) {
    bench.write("go-" + address.substr(address.rfind('.') + 1), "");
}

void let_all_go(const TerraformBench& bench) {
    for (int i = 0; i < resources; ++i) {
        let_go(bench, name_of(i));
    }
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
            if (!fact.text("/type").starts_with("apply_")) {
                return;
            }
            if (++count != at) {
                let_go(bench, fact.text("/address"));
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

/// As the tool has left it that is killed; the one that has lost its runner goes on to its own end.
std::vector<std::string> begun(const TerraformBench& bench, Victim victim) {
    return victim == Victim::runner ? std::vector<std::string>()
                                    : open_addresses(bench.notes() + "/apply.jsonl");
}

/// Killed, taken up, and ended right; a cell of the table.
std::string play(const std::vector<std::string>& agreed, Victim victim, int at) {
    CAPTURE(static_cast<int>(victim), at);
    TerraformBench bench;
    bench.write("root/main.tf", chain());
    auto order = bench.order(agreed);
    run_and_kill(bench, order, at, victim);
    const bool may_be_over = at == events;  // it ends by itself soon after
    CHECK((may_be_over || std::filesystem::exists(bench.notes() + "/run.json")));
    const auto orphans = begun(bench, victim);
    const bool was_at_begin = at % 2 == 1;
    if (victim != Victim::runner && was_at_begin) {
        CHECK(orphans == std::vector<std::string>{"terraform_data." + name_of(at / 2)});
    }
    let_all_go(bench);
    order.attempt.is_repeat = true;
    const auto report = bench.run(order);
    INFO(report.detail);
    CHECK(report.end == TaskEnd::done);
    if (victim != Victim::runner) {
        CHECK(read_lines(report.evidence.at("/possible_orphans")) == orphans);
    }
    const bool is_settled =
        report.detail.find("a second plan shows nothing") != std::string::npos ||
        report.detail.find("the plan is empty") != std::string::npos;
    CHECK(is_settled);
    CHECK(resources_of(bench) == resources);
    const auto effects = bench.read("effects");
    for (int i = 0; i < resources; ++i) {
        CHECK(effects.find(name_of(i)) != std::string::npos);
    }
    CHECK_FALSE(std::filesystem::exists(bench.notes() + "/run.json"));
    CHECK_FALSE(std::filesystem::exists(bench.root() + "/errored.tfstate"));
    return is_settled ? (orphans.empty() ? " right " : " right*") : " WRONG ";
}

}  // namespace

TEST_CASE("killed at each event of an apply, it ends right", "[terraform][slow]") {
    std::vector<std::string> agreed;
    {
        const TerraformBench bench;
        bench.write("root/main.tf", chain());
        agreed = lines(bench.plan());
    }
    REQUIRE(agreed.size() == 6);
    std::string table = "killed at     ";
    for (int at = 1; at <= events; ++at) {
        table += (at % 2 == 1 ? "begin " : "end ") + name_of((at - 1) / 2) + (at % 2 ? "" : "  ");
    }
    const std::vector<std::pair<Victim, std::string>> victims{
        {Victim::runner, "the runner"}, {Victim::tool, "the tool"}, {Victim::both, "both"}
    };
    for (const auto& [victim, name] : victims) {
        table += "\n" + name + std::string(14 - name.size(), ' ');
        for (int at = 1; at <= events; ++at) {
            table += play(agreed, victim, at) + " ";
        }
    }
    std::cout << table << "\n* with its possible orphan named\n";
}

TEST_CASE("a task that is called off lets the tool save its state", "[terraform]") {
    TerraformBench bench;
    bench.write("root/main.tf", chain());
    let_go(bench, name_of(0));
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
