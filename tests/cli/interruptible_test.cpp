// SPDX-License-Identifier: Apache-2.0
#include "cli/interruptible.hpp"

#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::Shell;

namespace {

struct Cleaning {
    explicit Cleaning(bool* is_clean) : is_clean_(is_clean) {}

    ~Cleaning() { *is_clean_ = true; }

    Cleaning(const Cleaning&) = delete;
    Cleaning& operator=(const Cleaning&) = delete;

    bool* is_clean_;
};

/// A minute's work; whoever waits for it moves the time.
Task<int> work(Shell* shell, bool* is_clean) {
    const Cleaning cleaning(is_clean);
    shell->parts.tasks.take(seconds(60), shell->parts.time);
    const TaskOrder order;
    co_await shell->parts.tasks.run(order);
    co_return 7;
}

}  // namespace

TEST_CASE("a signal calls work off, and what it had half made is gone by then", "[cli]") {
    Shell shell;
    bool is_clean = false;
    const auto signal = GENERATE(Interrupt::interrupt, Interrupt::terminate);
    const auto begun = shell.parts.time.elapsed();
    shell.parts.signals.send_at(shell.parts.time.elapsed() + seconds(5), signal);
    const auto waited = cli::wait_or_call_off(shell.parts, work(&shell, &is_clean));
    CHECK_FALSE(waited.value);
    CHECK(waited.signal == signal);
    CHECK(is_clean);
    CHECK(shell.parts.time.elapsed() - begun < seconds(10));
}

TEST_CASE("work that nobody calls off has its value", "[cli]") {
    Shell shell;
    bool is_clean = false;
    const auto waited = cli::wait_or_call_off(shell.parts, work(&shell, &is_clean));
    CHECK(waited.value == 7);
    CHECK_FALSE(waited.signal);
}
