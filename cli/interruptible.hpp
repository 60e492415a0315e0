// SPDX-License-Identifier: Apache-2.0
// Work of a verb that Ctrl-C and SIGTERM call off in its own way: its program gets SIGTERM and a
// moment, and what it has half made is gone when this returns. Engine's thread.
#pragma once

#include "cli/session.hpp"
#include "model/verdict.hpp"
#include "ports/interrupts.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace deployctl::cli {

template <class T>
struct Waited {
    std::optional<T> value;           ///< none: it was called off
    std::optional<Interrupt> signal;  ///< that came meanwhile
};

/// What it throws is thrown, unless it was called off.
Task<> attend(Parts* parts, Task<Verdict> work, std::optional<Interrupt>* signal);

template <class T>
Task<Verdict> keep(Task<T> work, std::shared_ptr<std::optional<T>> value) {
    T made = co_await std::move(work);
    value->emplace(std::move(made));
    co_return Verdict{};
}

template <class T>
Waited<T> wait_or_call_off(Parts& parts, Task<T> work) {
    parts.interrupts();                                       // from here on a signal is a value
    const auto value = std::make_shared<std::optional<T>>();  // shared with what may end after this
    Waited<T> waited;
    auto* const signal = &waited.signal;
    parts.drive(attend(&parts, keep(std::move(work), value), signal));
    waited.value = std::move(*value);
    return waited;
}

/// "interrupted" or "terminated".
const char* words_of(Interrupt signal);
/// Exit 130 or 143. `so_what`: "nothing was kept".
[[noreturn]] void leave_interrupted(Interrupt signal, const std::string& so_what);

}  // namespace deployctl::cli
