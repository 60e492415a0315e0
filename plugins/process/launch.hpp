// SPDX-License-Identifier: Apache-2.0
// What every child gets on its way: a process group of its own, and death with its parent.
#pragma once

#include <csignal>

#include <sys/prctl.h>
#include <unistd.h>

#include <boost/system/error_code.hpp>

namespace deployctl::plugins {

/// Initializer of Boost.Process v2; runs in the child, between fork and exec.
struct DieWithParent {
    int signal = SIGKILL;

    template <class Launcher, class Path, class Arguments>
    boost::system::error_code on_exec_setup(Launcher&, const Path&, Arguments) const {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, signal);
        return {};
    }
};

}  // namespace deployctl::plugins
