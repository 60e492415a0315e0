// SPDX-License-Identifier: Apache-2.0
// The driver against a script in the tool's place: each way in which a run can go wrong.
#include "plugins/terraform/stack.hpp"
#include "plugins/terraform/state_copies.hpp"
#include "tests/plugins/stack_bench.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::plugins;
using namespace deployctl::plugins::terraform;
using simcluster::run;
using tests::change;
using tests::ends_well;
using tests::hook;
using tests::lock_diagnostic;
using tests::nobody;
using tests::plan_of;
using tests::state;
using tests::stateful;
using Bench = tests::StackBench;

TEST_CASE("a stack is applied where its plan is what was agreed to", "[plugins][terraform]") {
    Bench bench;
    const auto report = bench.report();
    INFO(report.detail << "\n" << bench.tool.calls());
    CHECK(report.end == TaskEnd::done);
    CHECK(
        report.detail ==
        "1 to add, 0 to change, 0 to destroy: applied, and a second plan shows nothing"
    );
    CHECK(report.evidence.at("/outputs") == Value::map({{"url", "u"}}));
    CHECK(bench.has_called("apply -input=false -json -lock-timeout=30s " + bench.folder() + "/plan")
    );
    CHECK_FALSE(std::filesystem::exists(bench.folder() + "/plan"));
    CHECK_FALSE(std::filesystem::exists(bench.folder() + "/run.json"));

    struct stat facts {};

    REQUIRE(stat(bench.folder().c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0700U);
}

TEST_CASE("a copy of the state is kept before each apply, the last ten", "[plugins][terraform]") {
    Bench bench;
    const auto states = bench.folder() + "/states";
    const auto copies = [&states] {
        std::vector<std::filesystem::path> all;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(states, none)) {
            all.push_back(entry.path());
        }
        return all;
    };
    StackFolder notes(bench.folder());
    SECTION("for its owner alone") {
        note_copy_rule(bench.folder(), "");
        std::filesystem::create_directories(states);
        for (int number = 10; number < 22; ++number) {
            std::ofstream(states + "/20200101T0000" + std::to_string(number) + "Z-1.tfstate");
        }
        bench.tool.answers("apply", hook("apply_start", "a.b") + hook("apply_errored", "a.b"), 1);
        bench.tool.write("apply.sh", "");
        REQUIRE(bench.report().end == TaskEnd::failed);
        CHECK(copies().size() == 10);
        auto all = copies();
        std::ranges::sort(all);
        std::ifstream kept(all.back());
        CHECK(std::string(std::istreambuf_iterator<char>(kept), {}) == state(3, 2));
        CHECK(all.back().filename().string().ends_with("-3.tfstate"));
        CHECK(
            std::filesystem::status(all.back()).permissions() ==
            (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        );
        kept.close();
        bench.tool.answers("apply", hook("apply_start", "a.b") + hook("apply_complete", "a.b"));
        bench.tool.write("apply.sh", ends_well);
        REQUIRE(bench.report().end == TaskEnd::done);
        CHECK(copies().empty());  // a state has secrets, and nobody has sealed them
    }
    SECTION("none where it cannot be sealed, and that is told") {
        note_copy_rule(bench.folder(), "/no/such.crt");
        std::string told;
        bench.tell = [&told](const Value& fact) { told += fact.text("/text"); };
        REQUIRE(bench.report().end == TaskEnd::done);
        CHECK(copies().empty());
        CHECK(told.find("no copy of the state is kept: the certificate /no/such.crt") == 0);
    }
    SECTION("nothing is applied where it cannot be written") {
        note_copy_rule(bench.folder(), "");
        std::ofstream(states) << "no folder";
        const auto report = bench.report();
        CHECK(report.end == TaskEnd::failed);
        CHECK(report.detail.find("no copy of the state can be kept") == 0);
        CHECK_FALSE(bench.has_called(" apply "));
    }
}

TEST_CASE("a plan that has changed since is not applied", "[plugins][terraform]") {
    Bench bench;
    bench.agreed = {"+ other.one [00000000]"};
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("changed since it was agreed to: + a.b") != std::string::npos);
    CHECK_FALSE(bench.has_called(" apply "));
}

TEST_CASE("less than was agreed to is applied only by who goes on", "[plugins][terraform]") {
    Bench bench;
    bench.agreed = lines_of(
        read_plan(plan_of(change("a.b", "create") + "," + change("a.c", "create")))->changes
    );
    CHECK(bench.report().end == TaskEnd::cannot_tell);
    bench.is_repeat = true;
    CHECK(bench.report().end == TaskEnd::done);
}

TEST_CASE(
    "after an apply that failed half way the same rollout applies what is left, and nothing new",
    "[plugins][terraform]"
) {
    Bench bench;
    const auto both = plan_of(change("a.b", "create") + "," + change("a.c", "create"));
    bench.agreed = lines_of(read_plan(both)->changes);
    bench.tool.answers("show", both);
    bench.tool.answers(
        "apply",
        hook("apply_start", "a.b") + hook("apply_complete", "a.b") + hook("apply_start", "a.c") +
            hook("apply_errored", "a.c"),
        1
    );
    bench.tool.write("apply.sh", "");
    REQUIRE(bench.report().end == TaskEnd::failed);
    bench.tool.answers("show", plan_of(change("a.c", "create")));
    bench.tool.answers("apply", hook("apply_start", "a.c") + hook("apply_complete", "a.c"));
    SECTION("what is left") {
        bench.tool.write(
            "apply.sh", "echo '" + plan_of("") + "' > $here/show.out; echo 0 > $here/plan.code\n"
        );
        const auto report = bench.report();
        INFO(report.detail);
        CHECK(report.end == TaskEnd::done);
    }
    SECTION("something new beside it") {
        bench.tool.answers(
            "show", plan_of(change("a.c", "create") + "," + change("a.d", "create"))
        );
        bench.tool.forget_calls();
        const auto report = bench.report();
        CHECK(report.end == TaskEnd::cannot_tell);
        CHECK(report.detail.find("+ a.d") != std::string::npos);
        CHECK_FALSE(bench.has_called(" apply "));
    }
}

TEST_CASE(
    "an apply goes on to its own end where what it tells cannot be written down",
    "[plugins][terraform]"
) {
    Bench bench;
    const StackFolder notes(bench.folder());
    note_copy_rule(bench.folder(), "");  // else the first thing that is told is that there is none
    bench.tell = [](const Value&) { throw std::runtime_error("the disk is full"); };
    bench.tool.write(
        "apply.sh",
        "trap 'exit 1' INT TERM; printf '%s' '" + hook("apply_start", "a.b") +
            "'; sleep 1; touch $here/finished\n"
    );
    bench.tool.answers("apply", hook("apply_complete", "a.b") + hook("apply_start", "a.c"));
    const auto report = bench.report();
    INFO(report.detail);
    CHECK(std::filesystem::exists(
        std::filesystem::path(bench.tool.program()).parent_path() / "finished"
    ));
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("(exit code 0)") != std::string::npos);
    CHECK(report.detail.find("the disk is full") != std::string::npos);
    CHECK(report.evidence.at("/completed") == lines_value({"a.b"}));
    CHECK(report.evidence.at("/possible_orphans") == lines_value({"a.c"}));
    CHECK(std::filesystem::exists(bench.folder() + "/run.json"));
}

TEST_CASE(
    "a tool goes on to its own end where its process cannot be noted, or the care of it fails",
    "[plugins][terraform]"
) {
    const tests::FakeTerraform fake;
    fake.write("apply.sh", "sleep 0.3\n");
    fake.answers("apply", "said\n", 3);
    std::filesystem::create_directories(fake.notes());
    SystemClock clock;
    Tool tool({fake.program(), fake.notes()}, clock);
    ToolCall call;
    call.arguments = {"-chdir=" + fake.root(), "apply"};
    int cared = 0;
    SECTION("at its start") {
        call.on_start = [](int) { throw std::runtime_error("no room"); };
    }
    SECTION("meanwhile") {
        call.meanwhile = [&cared]() -> Task<> {
            ++cared;
            throw std::runtime_error("no room");
            co_return;
        };
    }
    const auto end = run(tool.run(call));
    CHECK(end.kind == ToolEnd::Kind::exited);
    CHECK(end.code == 3);
    CHECK(end.output == "said\n");
    CHECK(end.untold == "no room");
    CHECK(cared <= 1);
}

TEST_CASE("files that have changed since are not applied", "[plugins][terraform]") {
    Bench bench;
    auto order = bench.order();
    bench.tool.write("root/more.tf", "# more\n");
    SystemClock clock;
    HostRunners runners;
    StackTasks tasks(clock, runners, bench.tool.notes());
    const auto report = run(tasks.run(order));
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("not what they were") != std::string::npos);
}

TEST_CASE("an empty plan is done without an apply", "[plugins][terraform]") {
    Bench bench;
    bench.tool.answers("plan", "", 0);
    bench.tool.answers("show", plan_of(""));
    CHECK(bench.report().end == TaskEnd::done);
    CHECK_FALSE(bench.has_called(" apply "));
}

TEST_CASE(
    "a second plan with something new is a failure, with something old a note",
    "[plugins][terraform]"
) {
    Bench bench;
    bench.tool.write(
        "apply.sh", "echo '" + plan_of(change("x.y", "update")) + "' > $here/show.out\n"
    );
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::failed);
    CHECK(report.detail.find("x.y") != std::string::npos);
    Bench other;
    other.tool.write("apply.sh", "");
    const auto unsettled = other.report();
    CHECK(unsettled.end == TaskEnd::done);
    CHECK(unsettled.detail.find("shows again: + a.b") != std::string::npos);
}

TEST_CASE("an apply that fails says what, and how far it came", "[plugins][terraform]") {
    Bench bench;
    bench.tool.answers(
        "apply",
        hook("apply_start", "a.b") + hook("apply_errored", "a.b") +
            R"({"type":"diagnostic","diagnostic":{"severity":"error","summary":"quota","detail":"no more","address":"a.b"}})",
        1
    );
    bench.tool.write("apply.sh", "");
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::failed);
    CHECK(report.detail == "apply: a.b: quota: no more");
    CHECK_FALSE(std::filesystem::exists(bench.folder() + "/run.json"));
}

TEST_CASE("a state that has lost resources is told, and kept open", "[plugins][terraform]") {
    Bench bench;
    bench.tool.write("apply.sh", "echo '" + state(4, 0) + "' > $here/state-pull.out\n");
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(
        report.detail.find("resources are missing in the state after it: 0 of 2") !=
        std::string::npos
    );
    CHECK(std::filesystem::exists(bench.folder() + "/run.json"));
    Bench forked;
    forked.tool.write("apply.sh", "echo '" + state(1, 2, "l-2") + "' > $here/state-pull.out\n");
    CHECK(forked.report().detail.find("is another one") != std::string::npos);
    Bench older;
    older.tool.write("apply.sh", "echo '" + state(2, 2) + "' > $here/state-pull.out\n");
    CHECK(older.report().detail.find("is an older one") != std::string::npos);
}

TEST_CASE("a lock of somebody else is never removed", "[plugins][terraform]") {
    Bench bench;
    bench.tool.answers("plan", lock_diagnostic, 1);
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("locked by ada@laptop (OperationTypeApply)") != std::string::npos);
    CHECK(report.detail.find("force-unlock lock-7") != std::string::npos);
    CHECK_FALSE(bench.has_called("force-unlock"));
}

TEST_CASE(
    "a lock is removed only where it is ours and its process is dead", "[plugins][terraform]"
) {
    Bench bench;
    bench.tool.answers("plan", lock_diagnostic, 1);
    bench.tool.write("force-unlock.sh", "echo > $here/plan.out; echo 2 > $here/plan.code\n");
    SECTION("ours and dead") {
        bench.was_cut_off(nobody, "lock-7");
        const auto report = bench.report();
        INFO(report.detail);
        CHECK(report.end == TaskEnd::done);
        CHECK(bench.has_called("force-unlock -force -no-color lock-7"));
    }
    SECTION("another's") {
        bench.was_cut_off(nobody, "lock-8");
        CHECK(bench.report().end == TaskEnd::cannot_tell);
        CHECK_FALSE(bench.has_called("force-unlock"));
    }
    SECTION("not known") {
        bench.was_cut_off(nobody, "");
        CHECK(bench.report().end == TaskEnd::cannot_tell);
        CHECK_FALSE(bench.has_called("force-unlock"));
    }
}

TEST_CASE(
    "an apply that still runs is waited for, and no second one begins", "[plugins][terraform]"
) {
    Bench bench;
    bench.timeout = seconds(3);
    bench.was_cut_off(getpid(), "");
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::failed);
    CHECK(
        report.detail.find("may still run: process " + std::to_string(getpid())) !=
        std::string::npos
    );
    CHECK_FALSE(bench.has_called(" plan "));
    CHECK_FALSE(bench.has_called(" apply "));
}

TEST_CASE(
    "a state that could not be written is written before anything else", "[plugins][terraform]"
) {
    Bench bench;
    bench.was_cut_off(nobody, "");
    bench.tool.write("root/errored.tfstate", "{}");
    const auto report = bench.report();
    INFO(report.detail);
    CHECK(report.end == TaskEnd::done);
    const auto calls = bench.tool.calls();
    CHECK(calls.find("state push") < calls.find(" plan "));
    CHECK_FALSE(std::filesystem::exists(bench.tool.root() + "/errored.tfstate"));
}

TEST_CASE(
    "a state that cannot be written stays, and nothing is applied over it", "[plugins][terraform]"
) {
    Bench bench;
    bench.was_cut_off(nobody, "");
    bench.tool.write("root/errored.tfstate", "{}");
    bench.tool.answers("state-push", "", 1);
    CHECK(bench.report().end == TaskEnd::cannot_tell);
    CHECK(std::filesystem::exists(bench.tool.root() + "/errored.tfstate"));
    CHECK_FALSE(bench.has_called(" apply "));
}

TEST_CASE("an errored state of nobody known is not touched", "[plugins][terraform]") {
    Bench bench;
    bench.tool.write("root/errored.tfstate", "{}");
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("state push errored.tfstate") != std::string::npos);
    CHECK_FALSE(bench.has_called("state push"));
}

TEST_CASE("two runners of one machine do not work on one stack", "[plugins][terraform]") {
    Bench bench;
    StackFolder other(bench.folder());
    REQUIRE(other.take());
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("another runner") != std::string::npos);
    CHECK(bench.tool.calls().empty());
}

TEST_CASE("past its time an apply gets SIGINT, and ends in its own way", "[plugins][terraform]") {
    Bench bench;
    bench.timeout = seconds(2);
    bench.tool.write("apply.sh", "trap 'echo saved > $here/saved; exit 1' INT; sleep 30 & wait\n");
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::failed);
    CHECK(report.detail.find("not done after 2s") != std::string::npos);
    CHECK(
        std::filesystem::exists(std::filesystem::path(bench.tool.program()).parent_path() / "saved")
    );
    CHECK(std::filesystem::exists(bench.folder() + "/run.json"));
}

TEST_CASE("an apply that is killed stays open, with its possible orphans", "[plugins][terraform]") {
    Bench bench;
    bench.tool.write("apply.sh", "printf '%s' '" + hook("apply_start", "a.b") + "'; kill -9 $$\n");
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("possible orphans: a.b") != std::string::npos);
    CHECK(open_addresses(bench.folder() + "/apply.jsonl") == std::vector<std::string>{"a.b"});
}

TEST_CASE(
    "what goes back plans with the files of before, over the same state", "[plugins][terraform]"
) {
    Bench bench;
    {
        Bench* const before = &bench;  // the configuration of before is known: its plan was empty
        before->tool.answers("plan", "", 0);
        before->tool.answers("show", plan_of(""));
        REQUIRE(before->report().end == TaskEnd::done);
    }
    const auto both = plan_of(change("a.b", "create") + "," + stateful("create"));
    bench.tool.write("root/main.tf", "# next\n");
    bench.tool.answers("plan", "", 2);
    bench.tool.answers("show", both);
    bench.agreed = lines_of(read_plan(both)->changes);
    REQUIRE(bench.report().end == TaskEnd::done);
    bench.reverts = true;
    bench.tool.answers("plan", "", 2);
    SECTION("what the rollout has made may go") {
        bench.tool.answers("show", plan_of(change("a.b", "delete")));
        const auto report = bench.report();
        INFO(report.detail);
        CHECK(report.end == TaskEnd::done);
        CHECK(bench.has_called("-chdir=" + bench.folder() + "/stage apply"));
        std::ifstream main(bench.folder() + "/stage/main.tf");
        CHECK(std::string(std::istreambuf_iterator<char>(main), {}) == "# nothing\n");
    }
    SECTION("what may have got content since may not, though the rollout has made it") {
        bench.tool.forget_calls();
        bench.tool.answers("show", plan_of(stateful("delete")));
        const auto report = bench.report();
        CHECK(report.end == TaskEnd::cannot_tell);
        CHECK(report.detail.find("aws_db_instance.main") != std::string::npos);
        CHECK_FALSE(bench.has_called(" apply "));
    }
    SECTION("what was there before may not") {
        bench.tool.forget_calls();
        bench.tool.answers("show", plan_of(change("old.one", "delete")));
        const auto report = bench.report();
        CHECK(report.end == TaskEnd::cannot_tell);
        CHECK(report.detail.find("old.one") != std::string::npos);
        CHECK_FALSE(bench.has_called(" apply "));
    }
}

TEST_CASE("where nothing was applied nothing goes back", "[plugins][terraform]") {
    Bench bench;
    bench.reverts = true;
    CHECK(bench.report().end == TaskEnd::done);
    CHECK_FALSE(bench.has_called(" plan "));
}

TEST_CASE("a tool that is missing or too old is said to be", "[plugins][terraform]") {
    Bench bench;
    bench.tool.write("terraform", "#!/bin/sh\necho '{\"terraform_version\":\"1.4.6\"}'\n");
    CHECK(bench.report().detail.find("is version 1.4.6; 1.5 is needed") != std::string::npos);
}

TEST_CASE("a mistake in a module is told with its place", "[plugins][terraform]") {
    Bench bench;
    bench.tool.answers("init", "", 1);
    bench.tool.answers(
        "validate",
        R"({"diagnostics":[{"severity":"error","summary":"Unclosed block","detail":"","range":{"filename":"main.tf","start":{"line":4,"column":2}}}]})",
        1
    );
    const auto report = bench.report();
    CHECK(report.end == TaskEnd::failed);
    CHECK(report.detail.find("main.tf:4:2: Unclosed block") != std::string::npos);
}
