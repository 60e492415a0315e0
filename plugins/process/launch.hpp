// SPDX-License-Identifier: Apache-2.0
// What every child gets on its way: a process group of its own, death with its parent, and the
// signals as a shell would give them. Private to plugins/process.
#pragma once

#include <boost/system/error_code.hpp>

#include <cerrno>
#include <csignal>
#include <map>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

namespace deployctl::plugins {

/// "NAME=value" of this process, with others added or instead.
std::vector<std::string> variables_with(const std::map<std::string, std::string>& more);

/// Initializer of Boost.Process v2; runs in the child, between fork and exec. The death of the
/// parent means its thread that forked: fork from one that lives as long as the program.
struct DieWithParent {
    int signal = SIGKILL;  ///< what the child gets then
    pid_t parent = getpid();

    template <class Launcher, class Path, class Arguments>
    boost::system::error_code on_exec_setup(Launcher&, const Path&, Arguments) const {
        setpgid(0, 0);
        std::signal(SIGPIPE, SIG_DFL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        prctl(PR_SET_PDEATHSIG, signal);
        const auto present = getppid();           // 0 where it is in an outer pid namespace
        if (present != parent && present != 0) {  // gone before the line above took hold
            errno = ECHILD;
            return {ECHILD, boost::system::system_category()};
        }
        return {};
    }
};

}  // namespace deployctl::plugins
