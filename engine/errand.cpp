// SPDX-License-Identifier: Apache-2.0
#include "engine/errand.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace deployctl::engine {

struct Errand::State {
    boost::asio::cancellation_signal stop;
    bool has_ended = false;
    std::exception_ptr error;
    Verdict verdict;
};

Errand::Errand(const boost::asio::any_io_executor& executor, Task<Verdict> task)
    : state_(std::make_shared<State>()) {
    auto keep = [state = state_](std::exception_ptr error, Verdict verdict) {
        state->has_ended = true;
        state->error = std::move(error);
        state->verdict = std::move(verdict);
    };
    boost::asio::co_spawn(
        executor,
        std::move(task),
        boost::asio::bind_cancellation_slot(state_->stop.slot(), std::move(keep))
    );
}

Errand::~Errand() {
    if (state_ && !state_->has_ended) {
        state_->stop.emit(boost::asio::cancellation_type::terminal);
    }
}

Task<bool> Errand::has_ended() {
    const auto state = state_;
    if (!state->has_ended) {
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
    co_return state->has_ended;
}

Verdict Errand::result() const {
    if (state_->error) {
        std::rethrow_exception(state_->error);
    }
    return state_->verdict;
}

/// What has come already, and only waits for its turn, comes before the end of it. What is said
/// since it was stopped is no answer: it may be that it was.
Task<std::optional<Verdict>> Errand::call_off() {
    const auto state = state_;
    const bool is_over = co_await has_ended();
    if (!is_over) {
        state->stop.emit(boost::asio::cancellation_type::terminal);
    }
    const bool has_answer = is_over && !state->error;
    co_return has_answer ? std::optional(state->verdict) : std::nullopt;
}

}  // namespace deployctl::engine
