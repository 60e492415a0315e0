// SPDX-License-Identifier: Apache-2.0
#include "simcluster/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <stdexcept>

namespace deployctl::simcluster {

void run(Task<> task) {
    boost::asio::io_context loop;
    bool ended = false;
    std::exception_ptr error;
    boost::asio::co_spawn(loop, std::move(task), [&ended, &error](std::exception_ptr thrown) {
        ended = true;
        error = std::move(thrown);
    });
    loop.run();
    if (error) {
        std::rethrow_exception(error);
    }
    if (!ended) {
        throw std::logic_error("the coroutine waits for something that nobody will send");
    }
}

}  // namespace deployctl::simcluster
