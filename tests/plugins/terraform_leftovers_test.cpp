// SPDX-License-Identifier: Apache-2.0
// What a run leaves behind or finds left behind: locks, saved plans, what an apply had begun, and
// words in the environment.
#include "documents/json.hpp"
#include "plugins/terraform/stack.hpp"
#include "tests/plugins/stack_bench.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::plugins;
using namespace deployctl::plugins::terraform;
using simcluster::run;
using tests::hook;
using tests::nobody;
using tests::plan_of;
using tests::state;
using Bench = tests::StackBench;

TEST_CASE(
    "a lock is taken for that of an apply only where the apply works on, and the lock can be its",
    "[plugins][terraform]"
) {
    Bench bench;
    bench.has_lasting_locks();
    const std::string now = "date -u '+%Y-%m-%d %H:%M:%S.123456789 +0000 UTC'";
    const auto begins = "printf '%s' '" + hook("apply_start", "a.b") +
                        "'; until [ -e $here/asked ]; do sleep 0.05; done; ";
    bench.tool.write("apply.sh", begins + "sleep 1; kill -9 $$\n");
    SECTION("it works on") {
        bench.holds_lock("OperationTypeApply", now);
        REQUIRE(bench.report().end == TaskEnd::cannot_tell);
        CHECK(bench.noted_lock() == "lock-7");
    }
    SECTION("it ends while the question is asked") {
        bench.holds_lock("OperationTypeApply", now);
        bench.tool.write("apply.sh", begins + "kill -9 $$\n");
        REQUIRE(bench.report().end == TaskEnd::cannot_tell);
        CHECK(bench.noted_lock().empty());
    }
    SECTION("it is done with its resources by then") {
        bench.holds_lock("OperationTypeApply", now);
        bench.tool.write(
            "apply.sh",
            begins + "printf '%s' '" + hook("apply_complete", "a.b") + "'; sleep 1; kill -9 $$\n"
        );
        REQUIRE(bench.report().end == TaskEnd::cannot_tell);
        CHECK(bench.noted_lock().empty());
    }
    SECTION("the lock is of another operation") {
        bench.holds_lock("OperationTypePlan", now);
        REQUIRE(bench.report().end == TaskEnd::cannot_tell);
        CHECK(bench.noted_lock().empty());
    }
    SECTION("the lock is older") {
        bench.holds_lock("OperationTypeApply", "echo '2020-01-01 10:00:00.1 +0000 UTC'");
        REQUIRE(bench.report().end == TaskEnd::cannot_tell);
        CHECK(bench.noted_lock().empty());
    }
    CHECK(bench.has_called("-refresh=false"));
}

TEST_CASE("a state that is not printed whole is not taken for none", "[plugins][terraform]") {
    Bench bench;
    bench.tool.answers("state-pull", state(3, 2).substr(0, 20));
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("state pull: it did not print a state as JSON") == 0);
    CHECK_FALSE(bench.has_called(" apply "));
    bench.tool.answers("state-pull", " \n");
    CHECK(bench.report().end == TaskEnd::done);
}

TEST_CASE("a saved plan, which may hold secrets, goes with its runner", "[plugins][terraform]") {
    Bench bench;
    const auto saved = bench.folder() + "/plan";
    SECTION("where the plan is another one") {
        bench.agreed = {"+ other.one [00000000]"};
        REQUIRE(bench.report().end == TaskEnd::cannot_tell);
    }
    SECTION("where nothing is left to do") {
        bench.tool.answers("plan", "", 0);
        bench.tool.answers("show", plan_of(""));
        REQUIRE(bench.report().end == TaskEnd::done);
    }
    SECTION("where the state cannot be read") {
        bench.tool.answers("state-pull", "{");
        REQUIRE(bench.report().end == TaskEnd::cannot_tell);
    }
    CHECK(bench.has_called("-out=" + saved));
    CHECK_FALSE(std::filesystem::exists(saved));
}

TEST_CASE("the plan of another runner stays", "[plugins][terraform]") {
    const Bench bench;
    StackFolder notes(bench.folder());
    std::ofstream(bench.folder() + "/plan") << "of another";
    {
        SystemClock clock;
        HostRunners runners;
        const Stack waiting({}, notes, {clock, runners});
    }
    CHECK(std::filesystem::exists(bench.folder() + "/plan"));
}

TEST_CASE("a plan that somebody has saved is read from a copy", "[plugins][terraform]") {
    const Bench bench;
    bench.tool.write("saved.tfplan", "what was saved");
    const auto file = std::filesystem::path(bench.tool.program()).parent_path() / "saved.tfplan";
    StackFolder notes(bench.folder());
    SystemClock clock;
    HostRunners runners;
    StackOrder order;
    order.program = bench.tool.program();
    order.settings.dir = bench.tool.root();
    Stack stack(order, notes, {clock, runners});
    const auto planned = run(stack.copy_saved(file.string()));
    CHECK_FALSE(planned.halt.has_value());
    CHECK(planned.file == bench.folder() + "/plan");
    CHECK(planned.digest == documents::sha256_hex("what was saved"));
    CHECK(bench.has_called("show -json -no-color " + planned.file));
    CHECK(run(stack.copy_saved("/no/such.tfplan")).halt.has_value());
}

TEST_CASE("flags of the user's environment change no call", "[plugins][terraform]") {
    Bench bench;
    for (const auto* name : {"TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_CLI_ARGS_apply"}) {
        setenv(name, "-lock=false", 1);
    }
    for (const auto* verb : {"init", "plan", "apply"}) {
        const auto name = std::string(verb) + ".sh";
        const auto path = std::filesystem::path(bench.tool.program()).parent_path() / name;
        std::ofstream(path, std::ios::app) << "env | grep '^TF_CLI_ARGS.*=.' >> $here/inherited\n";
    }
    const auto report = bench.report();
    for (const auto* name : {"TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_CLI_ARGS_apply"}) {
        unsetenv(name);
    }
    REQUIRE(report.end == TaskEnd::done);
    std::ifstream inherited(
        std::filesystem::path(bench.tool.program()).parent_path() / "inherited"
    );
    CHECK(std::string(std::istreambuf_iterator<char>(inherited), {}).empty());
}

TEST_CASE(
    "who takes up an apply that was cut off tells what it had begun", "[plugins][terraform]"
) {
    Bench bench;
    bench.was_cut_off(nobody);
    std::ofstream(bench.folder() + "/apply.jsonl")
        << hook("apply_start", "a.x") << hook("apply_complete", "a.x")
        << hook("apply_start", "a.y");
    SECTION("where the rest is applied") {
        const auto report = bench.report();
        INFO(report.detail);
        CHECK(report.end == TaskEnd::done);
        CHECK(report.detail.find("; possible orphans: a.y") != std::string::npos);
        CHECK(report.evidence.at("/possible_orphans") == lines_value({"a.y"}));
    }
    SECTION("where nothing is left to do") {
        bench.tool.answers("plan", "", 0);
        bench.tool.answers("show", plan_of(""));
        const auto report = bench.report();
        CHECK(report.end == TaskEnd::done);
        CHECK(report.evidence.at("/possible_orphans") == lines_value({"a.y"}));
    }
}

TEST_CASE(
    "who waits for an earlier apply hears that the rollout is called off", "[plugins][terraform]"
) {
    Bench bench;
    bench.was_cut_off(getpid());
    boost::asio::io_context loop;
    boost::asio::cancellation_signal stop;
    bench.tell = [&stop](const Value& fact) {
        if (fact.text("/type") == std::string_view("waiting")) {
            stop.emit(boost::asio::cancellation_type::terminal);
        }
    };
    SystemClock clock;
    HostRunners runners;
    StackTasks tasks(clock, runners, bench.tool.notes());
    std::optional<TaskReport> report;
    boost::asio::co_spawn(
        loop,
        tasks.run(bench.order()),
        boost::asio::bind_cancellation_slot(
            stop.slot(), [&](std::exception_ptr, TaskReport ended) { report = std::move(ended); }
        )
    );
    loop.run_for(seconds(20));
    REQUIRE(report.has_value());
    CHECK(report->end == TaskEnd::failed);
    CHECK(report->detail.find("may still run: process") != std::string::npos);
}
