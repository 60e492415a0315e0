// SPDX-License-Identifier: Apache-2.0
#include "model/approval.hpp"
#include "plugins/system/environment.hpp"
#include "plugins/system/host_runners.hpp"
#include "plugins/system/program_identity.hpp"
#include "plugins/system/random_ids.hpp"
#include "plugins/system/signal_interrupts.hpp"
#include "plugins/system/system_clock.hpp"
#include "plugins/system/terminal_keys.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/scripted_server.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <pty.h>
#include <pwd.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace deployctl;
using namespace deployctl::plugins;

namespace {

/// A variable of the environment as it was before, when the test is over.
class Variable {
public:
    Variable(const char* name, const char* value) : name_(name), before_(environment(name)) {
        setenv(name, value, 1);
    }

    ~Variable() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }

    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
    std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("a sleep takes as long as it was asked to", "[plugins][system]") {
    SystemClock clock;
    const auto begun = clock.boot_time();
    simcluster::run(clock.sleep(milliseconds(30)));
    CHECK(clock.boot_time() - begun >= milliseconds(30));
    CHECK(clock.now() > WallTime(seconds(1'700'000'000)));
    CHECK(clock.boot_id().size() == 36);
}

TEST_CASE("ids are UUIDs of version 7 that sort by time and never repeat", "[plugins][system]") {
    RandomIds ids;
    std::set<std::string> seen;
    for (int count = 0; count < 1000; ++count) {
        const auto id = ids.next();
        REQUIRE(id.size() == 36);
        REQUIRE(id[14] == '7');
        REQUIRE(std::string("89ab").find(id[19]) != std::string::npos);
        seen.insert(id);
    }
    CHECK(seen.size() == 1000);
    const auto early = ids.next();
    usleep(2'000);
    CHECK(early < ids.next());
}

TEST_CASE(
    "this process is alive, and proven dead only on this host and boot", "[plugins][system]"
) {
    const HostRunners runners;
    const auto self = runners.self();
    CHECK(self.pid == getpid());
    CHECK(self.pid_start > 0);
    CHECK(self.identity.find('@') != std::string::npos);
    CHECK(runners.liveness(self) == Liveness::alive);

    auto reused = self;
    reused.pid_start += 1;
    CHECK(runners.liveness(reused) == Liveness::dead);
    auto before = self;
    before.boot_id = "another boot";
    CHECK(runners.liveness(before) == Liveness::dead);
    auto elsewhere = self;
    elsewhere.host = "another-host";
    CHECK(runners.liveness(elsewhere) == Liveness::unknown);
}

TEST_CASE("nobody is proven dead whose process could not be seen from here", "[plugins][system]") {
    const HostRunners runners;
    auto gone = runners.self();
    gone.pid_start += 1;
    REQUIRE(runners.liveness(gone) == Liveness::dead);

    auto in_another_container = gone;
    in_another_container.pid_namespace = "pid:[1]";
    CHECK(runners.liveness(in_another_container) == Liveness::unknown);
    auto of_an_older_version = gone;
    of_an_older_version.pid_namespace = "";
    CHECK(runners.liveness(of_an_older_version) == Liveness::unknown);
}

TEST_CASE("a process that has ended is dead, waited for or not", "[plugins][system]") {
    const HostRunners runners;
    auto gone = runners.self();
    const auto pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    gone.pid = pid;
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
    CHECK(runners.liveness(gone) == Liveness::dead);
    waitpid(pid, nullptr, 0);
    CHECK(runners.liveness(gone) == Liveness::dead);
}

TEST_CASE("a CI job runs under its own name", "[plugins][system]") {
    const Variable repository("GITHUB_REPOSITORY", "acme/checkout");
    const Variable run("GITHUB_RUN_ID", "881");
    CHECK(HostRunners().self().identity == "ci:acme/checkout run=881");
}

TEST_CASE("under sudo it is whoever called it, where root alone says so", "[plugins][system]") {
    const auto* const someone = getpwnam("daemon");
    REQUIRE(someone != nullptr);
    const auto uid = std::to_string(someone->pw_uid);
    const auto behind = [](const std::string& name, const std::string& number, unsigned user) {
        const Variable sudo_user("SUDO_USER", name.c_str());
        const Variable sudo_uid("SUDO_UID", number.c_str());
        return user_behind_sudo(user);
    };
    CHECK(behind("daemon", uid, 0) == std::optional<std::string>("daemon"));
    CHECK_FALSE(behind("daemon", uid, 1000));  // sudo -u deploy, or a shell that says so
    CHECK_FALSE(behind("ada", uid, 0));
    CHECK_FALSE(behind("daemon", "", 0));
    CHECK_FALSE(behind("", uid, 0));
    CHECK_FALSE(behind("daemon", uid + "x", 0));
    CHECK_FALSE(behind("daemon", "-1", 0));
    CHECK_FALSE(behind("daemon", "99999999999999999999", 0));
    CHECK_FALSE(behind("root", "0", 0));
    CHECK(person_of("daemon@laptop by=sudo") == "daemon");
    CHECK_FALSE(behind("4242424242", "4242424242", 0));  // its own number is no user's name
}

TEST_CASE("the state file is where the environment says", "[plugins][system]") {
    const Variable home("HOME", "/home/ada");
    const Variable folder("XDG_STATE_HOME", "");
    const Variable named("DEPLOYCTL_STATE", "");
    CHECK(default_state_path() == "/home/ada/.local/state/deployctl/state.db");
    setenv("XDG_STATE_HOME", "/var/lib", 1);
    CHECK(default_state_path() == "/var/lib/deployctl/state.db");
    setenv("DEPLOYCTL_STATE", "/srv/s.db", 1);
    CHECK(default_state_path() == "/srv/s.db");
}

TEST_CASE("a program knows the number that its linker has given it", "[plugins][system]") {
    const auto identity = program_identity();
    CHECK(identity.size() >= 16);
    CHECK(identity.find_first_not_of("0123456789abcdef") == std::string::npos);
    // It stands in the file as well.
    std::ifstream file("/proc/self/exe", std::ios::binary);
    const std::string program{std::istreambuf_iterator<char>(file), {}};
    std::string bytes;
    for (std::size_t i = 0; i < identity.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(identity.substr(i, 2), nullptr, 16));
    }
    CHECK(program.find(bytes) != std::string::npos);
}

TEST_CASE("colour and CI come from the environment", "[plugins][system]") {
    const Variable terminal("TERM", "xterm");
    const Variable colour("NO_COLOR", "");
    const Variable ci("CI", "true");
    CHECK_FALSE(terminal_facts().forbids_colour);
    CHECK(terminal_facts().is_ci);
    setenv("NO_COLOR", "1", 1);
    CHECK(terminal_facts().forbids_colour);
}

TEST_CASE("signals are taken one by one, in order, as values", "[plugins][system]") {
    boost::asio::io_context loop;
    SignalInterrupts interrupts(loop);
    CHECK_FALSE(interrupts.take());
    raise(SIGINT);
    raise(SIGTERM);
    std::vector<Interrupt> taken;
    CHECK(tests::soon([&] {
        loop.run_for(milliseconds(5));
        while (const auto one = interrupts.take()) {
            taken.push_back(*one);
        }
        return taken.size() >= 2;
    }));
    CHECK(taken == std::vector{Interrupt::interrupt, Interrupt::terminate});
}

TEST_CASE(
    "keys are taken as they are typed, unseen, and the terminal is given back", "[plugins][system]"
) {
    int person = -1;
    int terminal = -1;
    REQUIRE(openpty(&person, &terminal, nullptr, nullptr, nullptr) == 0);
    const auto flags = [terminal] {
        termios now{};
        tcgetattr(terminal, &now);
        return now.c_lflag;
    };
    const auto before = flags();
    {
        TerminalKeys keys(terminal);
        CHECK_FALSE(keys.take());
        CHECK((flags() & static_cast<tcflag_t>(ICANON | ECHO)) == 0);
        CHECK((flags() & static_cast<tcflag_t>(ISIG)) != 0);
        REQUIRE(write(person, "kh", 2) == 2);
        CHECK(keys.take() == 'k');
        CHECK(keys.take() == 'h');
        CHECK_FALSE(keys.take());
    }
    CHECK(flags() == before);
    close(person);
    close(terminal);
}

TEST_CASE("a signal that was ignored from the start stays ignored", "[plugins][system]") {
    std::signal(SIGHUP, SIG_IGN);
    {
        boost::asio::io_context loop;
        SignalInterrupts interrupts(loop);
        raise(SIGHUP);
        loop.poll();
        CHECK_FALSE(interrupts.take());
    }
    std::signal(SIGHUP, SIG_DFL);
}
