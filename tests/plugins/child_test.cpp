// SPDX-License-Identifier: Apache-2.0
#include "plugins/process/child.hpp"

#include "tests/plugins/scratch_folder.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::plugins;

TEST_CASE("a child runs until its object goes", "[plugins][process]") {
    const tests::ScratchFolder folder;
    boost::asio::io_context loop;
    int pid = 0;
    {
        Child child(loop.get_executor(), {{"/bin/sleep", "60"}, folder.path() + "/errors"});
        CHECK(child.is_running());
        CHECK(child.failure().empty());
        pid = child.pid();
    }
    CHECK(kill(pid, 0) == -1);
}

TEST_CASE("a child that has ended is known to have", "[plugins][process]") {
    const tests::ScratchFolder folder;
    boost::asio::io_context loop;
    Child child(loop.get_executor(), {{"/bin/true"}, folder.path() + "/errors"});
    for (int left = 100; left > 0 && child.is_running(); --left) {
        usleep(10'000);
    }
    CHECK_FALSE(child.is_running());
    CHECK_FALSE(child.is_running());
}

TEST_CASE("a child that cannot be started says why", "[plugins][process]") {
    const tests::ScratchFolder folder;
    boost::asio::io_context loop;
    Child child(loop.get_executor(), {{"/no/such/program"}, folder.path() + "/errors"});
    CHECK_FALSE(child.is_running());
    CHECK(child.failure() == "/no/such/program: No such file or directory");
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE(
    "a child with a signal of its own ends in its own way when its object goes",
    "[plugins][process]"
) {
    const tests::ScratchFolder folder;
    boost::asio::io_context loop;
    const auto saved = folder.path() + "/saved";
    const auto ready = folder.path() + "/ready";
    ChildStart start{
        {"/bin/sh",
         "-c",
         "n=0; trap 'n=$((n+1))' INT; touch " + ready +
             "; while [ $n = 0 ]; do sleep 0.1; done; sleep 0.5; echo $n > " + saved},
        folder.path() + "/errors"
    };
    start.signal_at_death = SIGINT;
    const bool is_told_before = GENERATE(false, true);
    {
        Child child(loop.get_executor(), start);
        for (int left = 200; left > 0 && access(ready.c_str(), F_OK) != 0; --left) {
            usleep(10'000);
        }
        if (is_told_before) {
            child.send(SIGINT);
        }
    }
    std::ifstream file(saved);
    int count = 0;
    file >> count;
    CHECK(count == 1);
}
