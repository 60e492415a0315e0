// SPDX-License-Identifier: Apache-2.0
#include "cli/interruptible.hpp"

#include "engine/errand.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

namespace deployctl::cli {

namespace {

constexpr Duration between_looks = milliseconds(50);

}  // namespace

Task<> attend(Parts* parts, Task<Verdict> work, std::optional<Interrupt>* signal) {
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    engine::Errand errand(executor, std::move(work));
    bool is_over = co_await errand.has_ended();
    while (!is_over) {
        if (!*signal) {
            *signal = parts->interrupts().take();
            if (*signal) {
                co_await errand.call_off();
            }
        }
        co_await parts->clock().sleep(between_looks);
        is_over = co_await errand.has_ended();
    }
    if (!*signal) {
        static_cast<void>(errand.result());
    }
}

const char* words_of(Interrupt signal) {
    return signal == Interrupt::terminate ? "terminated" : "interrupted";
}

void leave_interrupted(Interrupt signal, const std::string& so_what) {
    const bool is_terminated = signal == Interrupt::terminate;
    throw Error(
        is_terminated ? ExitCode::terminated : ExitCode::interrupted,
        std::string(words_of(signal)) + ": " + so_what
    );
}

}  // namespace deployctl::cli
