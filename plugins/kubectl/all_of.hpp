// SPDX-License-Identifier: Apache-2.0
// Runs tasks side by side and waits for all of them; the first failure, in their order, is thrown
// then. Cancelling the whole cancels each. Include it in few files: its headers are heavy. Engine's
// thread.
#pragma once

#include "ports/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace deployctl::plugins::kubectl {

template <class T>
Task<std::vector<T>> all_of(std::vector<Task<T>> tasks) {
    namespace asio = boost::asio;
    std::vector<T> results;
    if (tasks.empty()) {
        co_return results;
    }
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    using Operation = decltype(asio::co_spawn(executor, std::declval<Task<T>>(), asio::deferred));
    std::vector<Operation> operations;
    operations.reserve(tasks.size());
    for (auto& task : tasks) {
        operations.push_back(asio::co_spawn(executor, std::move(task), asio::deferred));
    }
    auto group = asio::experimental::make_parallel_group(std::move(operations));
    const auto whole = asio::experimental::wait_for_all();
    auto [order, failures, values] = co_await group.async_wait(whole, asio::use_awaitable);
    for (const auto& failure : failures) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    }
    results.assign(values.begin(), values.end());
    co_return results;
}

}  // namespace deployctl::plugins::kubectl
