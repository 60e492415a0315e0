// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/system_clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fstream>
#include <time.h>

namespace deployctl::plugins {

namespace {

Duration read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return seconds(time.tv_sec) +
           std::chrono::duration_cast<microseconds>(std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace

WallTime SystemClock::now() const {
    return WallTime(read_clock(CLOCK_REALTIME));
}

BootTime SystemClock::boot_time() const {
    return {read_clock(CLOCK_BOOTTIME)};
}

std::string SystemClock::boot_id() const {
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id;
}

Task<> SystemClock::sleep(Duration duration) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, duration);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace deployctl::plugins
