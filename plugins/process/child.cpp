// SPDX-License-Identifier: Apache-2.0
#include "plugins/process/child.hpp"

#include "plugins/process/launch.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/process/v2.hpp>

#include <cstdio>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>

namespace deployctl::plugins {

namespace process = boost::process::v2;

namespace {

constexpr int most_looks = 1000;
constexpr useconds_t between_looks = 10'000;  // microseconds

}  // namespace

Child::Child(const boost::asio::any_io_executor& executor, const ChildStart& start)
    : parting_signal_(start.signal_at_death) {
    using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
    const File nothing(std::fopen("/dev/null", "r+e"), std::fclose);
    const File output(std::fopen(start.output_file.c_str(), "we"), std::fclose);
    const File errors(std::fopen(start.error_file.c_str(), "we"), std::fclose);
    if (!nothing || !output || !errors) {
        failure_ = "cannot write " + (output ? start.error_file : start.output_file);
        return;
    }
    const auto& argv = start.argv;
    const auto variables = variables_with(start.environment);
    process::default_process_launcher launcher;
    boost::system::error_code error;
    auto child = launcher(
        executor,
        error,
        argv.front(),
        std::vector<std::string>(argv.begin() + 1, argv.end()),
        process::process_stdio{{nothing.get()}, {output.get()}, {errors.get()}},
        process::process_environment(variables),
        DieWithParent{start.signal_at_death.value_or(SIGKILL)}
    );
    if (!error) {
        pid_ = child.id();
        child.detach();  // what Boost keeps of it must not outlive the loop
        return;
    }
    if (launcher.pid > 0) {
        waitpid(launcher.pid, nullptr, 0);  // forked, but not executed: Boost leaves a zombie
    }
    failure_ = argv.front() + ": " + error.message();
}

Child::~Child() {
    if (is_running() && parting_signal_) {
        see_off();
    } else if (pid_ > 0) {
        kill(-pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
}

bool Child::is_running() {
    int status = 0;
    if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) != 0) {
        kill(-pid_, SIGKILL);  // what it left behind
        const bool is_signalled = WIFSIGNALED(status);
        end_ = ChildEnd{
            is_signalled ? ChildEnd::Kind::signalled : ChildEnd::Kind::exited,
            is_signalled ? WTERMSIG(status) : WEXITSTATUS(status),
        };
        pid_ = -1;
    }
    return pid_ > 0;
}

/// Nothing else is done meanwhile. A second signal would make Terraform leave its state unsaved.
void Child::see_off() {
    if (!is_told_) {
        send(*parting_signal_);
    }
    for (int look = 0; look < most_looks && is_running(); ++look) {
        usleep(between_looks);
    }
}

void Child::send(int signal) {
    if (pid_ > 0) {
        is_told_ = true;
        kill(pid_, signal);
    }
}

}  // namespace deployctl::plugins
