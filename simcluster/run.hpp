// SPDX-License-Identifier: Apache-2.0
// Drives a coroutine to its end on a loop of its own, on the calling thread: `const auto row =
// run(store.find(id));`. What the coroutine throws, it throws; a coroutine that waits for something
// that never comes is a std::logic_error. The heavy headers of Asio are in run.cpp alone.
#pragma once

#include "ports/task.hpp"

#include <optional>
#include <utility>

namespace deployctl::simcluster {

void run(Task<> task);

template <class T>
Task<> keep_result(Task<T> task, std::optional<T>* result) {
    T value = co_await std::move(task);
    result->emplace(std::move(value));
}

template <class T>
T run(Task<T> task) {
    std::optional<T> result;
    run(keep_result(std::move(task), &result));
    return std::move(*result);
}

}  // namespace deployctl::simcluster
