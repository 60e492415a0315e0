// SPDX-License-Identifier: Apache-2.0
// Virtual time: nothing waits, `sleep` moves time on at once and runs whatever falls due on the
// way, in a fixed order. Three readings of one time: `elapsed` (true time since the test began),
// boot time and wall time of the machine the engine runs on. Outlives everything that sets a timer
// on it. One thread.
#pragma once

#include "ports/clock.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace deployctl::simcluster {

class VirtualClock final : public Clock {
public:
    WallTime now() const override;
    BootTime boot_time() const override;

    std::string boot_id() const override { return boot_id_; }

    Task<> sleep(Duration duration) override;

    /// True time since the test began; what `call_at` is told.
    Duration elapsed() const { return elapsed_; }

    /// The wall time of machines whose clock nobody moves: the API server's.
    WallTime server_time() const;

    void advance(Duration duration);
    /// To the next timer, or by `at_most` where none falls due before; runs the timers of that one
    /// moment.
    void advance_to_next(Duration at_most);
    std::optional<Duration> next_due() const;
    void call_at(Duration when, std::function<void()> what);

    void call_in(Duration delay, std::function<void()> what) {
        call_at(elapsed_ + delay, std::move(what));
    }

    /// Somebody sets the wall clock of the engine's machine; boot time does not care.
    void jump_wall(Duration by) { wall_offset_ += by; }

    /// The engine's machine starts anew: boot time begins at zero under another boot id.
    void reboot(std::string boot_id);

    /// A test that runs into this much virtual time hangs: std::logic_error. 30 days where not
    /// said.
    void give_up_after(Duration limit) { limit_ = limit; }

private:
    void run_due(Duration until);

    using Order = std::pair<Duration, std::uint64_t>;

    Duration elapsed_{};
    Duration booted_ = -std::chrono::hours(1);  // the machine has been up for an hour
    Duration wall_offset_{};
    Duration limit_ = std::chrono::days(30);
    std::string boot_id_ = "boot-1";
    std::map<Order, std::function<void()>> timers_;
    std::uint64_t serial_ = 0;
};

}  // namespace deployctl::simcluster
