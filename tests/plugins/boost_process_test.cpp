// SPDX-License-Identifier: Apache-2.0
#include "plugins/process/boost_process.hpp"

#include "plugins/system/system_clock.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/scratch_folder.hpp"
#include "tests/plugins/scripted_server.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::plugins;
using namespace boost::asio::experimental::awaitable_operators;
using simcluster::run;
using tests::soon;

namespace {

Command shell(const std::string& script) {
    Command command;
    command.argv = {"sh", "-c", script};
    return command;
}

CommandResult result_of(const Command& command) {
    BoostProcess process;
    return run(process.run(command));
}

bool exists(int pid) {
    return kill(pid, 0) == 0;
}

int read_pid(const std::string& path) {
    int pid = 0;
    std::ifstream(path) >> pid;
    return pid;
}

}  // namespace

TEST_CASE("a program's output, error output and exit code come back", "[plugins][process]") {
    const auto result = result_of(shell("echo out; echo err >&2; exit 3"));
    CHECK(result.end == CommandResult::End::exited);
    CHECK(result.exit_code == 3);
    CHECK(result.output == "out\n");
    CHECK(result.error_output == "err\n");
}

TEST_CASE("input reaches the program and ends", "[plugins][process]") {
    auto command = shell("cat; echo end");
    command.input = std::string(300'000, 'x');
    const auto result = result_of(command);
    CHECK(result.output == command.input + "end\n");
}

TEST_CASE("a program that never reads its input does no harm", "[plugins][process]") {
    auto command = shell("exit 0");
    command.input = std::string(1'000'000, 'x');
    CHECK(result_of(command).end == CommandResult::End::exited);
}

TEST_CASE("both outputs are drained at once, whatever their size", "[plugins][process]") {
    const auto result =
        result_of(shell("head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero"));
    CHECK(result.output.size() == 3'000'000);
    CHECK(result.error_output.size() == 3'000'000);
}

TEST_CASE("output past 16 MiB is read and let go", "[plugins][process]") {
    const auto result = result_of(shell("head -c 20000000 /dev/zero; exit 4"));
    CHECK(result.output.size() == 16UL * 1024 * 1024);
    CHECK(result.exit_code == 4);
}

TEST_CASE("a variable given replaces the one of our own", "[plugins][process]") {
    auto command = shell("echo $HOME $PATH");
    command.environment = {{"HOME", "/nowhere"}};
    const auto output = result_of(command).output;
    CHECK(output.starts_with("/nowhere "));
    CHECK(output.size() > std::string("/nowhere \n").size());
}

TEST_CASE("a program that is not there is a value", "[plugins][process]") {
    const auto argv =
        GENERATE(as<std::string>(), "no-such-program", "/no/such/program", "/etc/passwd");
    Command command;
    command.argv = {argv};
    const auto result = result_of(command);
    CHECK(result.end == CommandResult::End::not_started);
    CHECK_FALSE(result.error_output.empty());
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("the end by a signal is told from an exit code", "[plugins][process]") {
    const auto result = result_of(shell("kill -9 $$"));
    CHECK(result.end == CommandResult::End::signalled);
    CHECK(result.exit_code == SIGKILL);
}

TEST_CASE("past the timeout the program is asked to end", "[plugins][process]") {
    auto command = shell("trap 'echo asked; exit 7' TERM; sleep 30 & wait");
    command.timeout = seconds(2);  // by then the trap is set
    const auto result = result_of(command);
    CHECK(result.end == CommandResult::End::timed_out);
    CHECK(result.output == "asked\n");
    CHECK(result.exit_code == 7);
}

TEST_CASE("a program that ignores the asking is killed after the grace", "[plugins][process]") {
    auto command = shell("trap '' TERM; sleep 30; sleep 30");
    command.timeout = milliseconds(100);
    command.grace = milliseconds(100);
    const SystemClock clock;
    const auto begun = clock.boot_time();
    const auto result = result_of(command);
    CHECK(result.end == CommandResult::End::timed_out);
    CHECK(clock.boot_time() - begun < seconds(5));
}

TEST_CASE("what the program leaves behind ends with it", "[plugins][process]") {
    const tests::ScratchFolder folder;
    const auto path = folder.path() + "/pid";
    const auto result = result_of(shell("sleep 60 & echo $! > " + path + "; echo done"));
    CHECK(result.output == "done\n");
    const auto pid = read_pid(path);
    REQUIRE(pid > 0);
    CHECK(soon([&] { return !exists(pid); }));
}

TEST_CASE("a daemon of its own session cannot hold the call by its pipes", "[plugins][process]") {
    const tests::ScratchFolder folder;
    const auto path = folder.path() + "/pid";
    const SystemClock clock;
    const auto begun = clock.boot_time();
    const auto result =
        result_of(shell("setsid sh -c 'echo $$ > " + path + "; exec sleep 20' & sleep 0.3"));
    CHECK(result.end == CommandResult::End::exited);
    CHECK(clock.boot_time() - begun < seconds(5));
    kill(read_pid(path), SIGKILL);
}

Task<> until_written(SystemClock* clock, const std::string* path) {
    while (read_pid(*path) <= 0) {
        co_await clock->sleep(milliseconds(5));
    }
}

TEST_CASE("a cancelled run ends the whole group", "[plugins][process]") {
    const tests::ScratchFolder folder;
    const auto path = folder.path() + "/pid";
    BoostProcess process;
    SystemClock clock;
    auto raced = process.run(shell("sleep 60 & echo $! > " + path + "; wait")) ||
                 until_written(&clock, &path);
    CHECK(run(std::move(raced)).index() == 1);
    const auto pid = read_pid(path);
    REQUIRE(pid > 0);
    CHECK(soon([&] { return !exists(pid); }));
}

TEST_CASE("a cancelled run lets its program put things in order first", "[plugins][process]") {
    const tests::ScratchFolder folder;
    const auto path = folder.path() + "/pid";
    const auto order = folder.path() + "/order";
    BoostProcess process;
    SystemClock clock;
    const auto trap = "trap 'sleep 0.2; echo done > " + order + "; exit' TERM; ";
    const auto work = "echo $$ > " + path + "; while :; do sleep 0.05; done";
    auto raced = process.run(shell(trap + work)) || until_written(&clock, &path);
    CHECK(run(std::move(raced)).index() == 1);
    CHECK(std::filesystem::exists(order));
    CHECK(soon([&] { return !exists(read_pid(path)); }));
}

TEST_CASE("children die with this process, however that ends", "[plugins][process]") {
    const tests::ScratchFolder folder;
    const auto path = folder.path() + "/pid";
    const auto parent = fork();
    if (parent == 0) {
        result_of(shell("echo $$ > " + path + "; exec sleep 60"));
        _exit(0);
    }
    REQUIRE(soon([&] { return read_pid(path) > 0; }));
    const auto pid = read_pid(path);
    kill(parent, SIGKILL);
    waitpid(parent, nullptr, 0);
    CHECK(soon([&] { return !exists(pid); }));
}
