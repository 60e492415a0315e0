// SPDX-License-Identifier: Apache-2.0
#include "simulation/turns.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace deployctl::simulation {

/// What lands by a timer, long after its sender has gone, runs on a loop of its own and takes no
/// turns.
Task<> Turns::pass(std::string runner) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto& context = boost::asio::query(executor, boost::asio::execution::context);
    const bool is_late = &context != &static_cast<boost::asio::execution_context&>(loop_);
    const auto freeze = is_late ? std::nullopt : std::exchange(freeze_, std::nullopt);
    if (is_late || (active_ == 1 && !freeze)) {
        co_return;
    }
    const auto begun = clock_.elapsed();
    const auto until = begun + freeze.value_or(Duration{});
    frozen_ += freeze ? 1 : 0;
    do {
        if (frozen_ >= active_ && clock_.elapsed() < until) {
            clock_.advance(until - clock_.elapsed());  // nobody else moves the time
        }
        co_await boost::asio::post(loop_, boost::asio::use_awaitable);
    } while (clock_.elapsed() < until);
    frozen_ -= freeze ? 1 : 0;
    waited_[runner] += freeze ? Duration{} : clock_.elapsed() - begun;
}

}  // namespace deployctl::simulation
