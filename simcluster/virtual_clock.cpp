// SPDX-License-Identifier: Apache-2.0
#include "simcluster/virtual_clock.hpp"

#include <algorithm>
#include <stdexcept>

namespace deployctl::simcluster {

namespace {

constexpr WallTime test_begin =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + std::chrono::hours(12);

}  // namespace

WallTime VirtualClock::now() const {
    return server_time() + wall_offset_;
}

WallTime VirtualClock::server_time() const {
    return test_begin + elapsed_;
}

BootTime VirtualClock::boot_time() const {
    return {elapsed_ - booted_};
}

Task<> VirtualClock::sleep(Duration duration) {
    advance(duration);
    co_return;
}

void VirtualClock::advance(Duration duration) {
    run_due(elapsed_ + std::max(duration, Duration{}));
}

void VirtualClock::advance_to_next(Duration at_most) {
    const auto until = elapsed_ + std::max(at_most, Duration{});
    run_due(std::min(next_due().value_or(until), until));
}

std::optional<Duration> VirtualClock::next_due() const {
    if (timers_.empty()) {
        return std::nullopt;
    }
    return std::max(timers_.begin()->first.first, elapsed_);
}

void VirtualClock::call_at(Duration when, std::function<void()> what) {
    timers_.emplace(Order{std::max(when, elapsed_), ++serial_}, std::move(what));
}

void VirtualClock::reboot(std::string boot_id) {
    booted_ = elapsed_;
    boot_id_ = std::move(boot_id);
}

void VirtualClock::run_due(Duration until) {
    if (until > limit_) {
        throw std::logic_error("the test has run for " + to_text(limit_) + " of virtual time");
    }
    // A timer may set others and may itself sleep: begin anew after each.
    while (!timers_.empty() && timers_.begin()->first.first <= until) {
        auto timer = timers_.extract(timers_.begin());
        elapsed_ = std::max(elapsed_, timer.key().first);
        timer.mapped()();
    }
    elapsed_ = std::max(elapsed_, until);
}

}  // namespace deployctl::simcluster
