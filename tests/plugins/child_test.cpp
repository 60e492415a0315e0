// SPDX-License-Identifier: Apache-2.0
#include "plugins/process/child.hpp"

#include "tests/plugins/scratch_folder.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <csignal>
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
