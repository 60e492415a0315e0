// SPDX-License-Identifier: Apache-2.0
// The one coroutine type. Name what you await, then await it: one co_await a statement, arguments
// that are named variables, and never inside a condition (docs/adr has the reason: GCC 12
// miscompiles the rest).
#pragma once

#include <boost/asio/awaitable.hpp>

namespace deployctl {

template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace deployctl
