// SPDX-License-Identifier: Apache-2.0
// The machine's clocks: CLOCK_REALTIME and CLOCK_BOOTTIME. Sleeps on the executor of the awaiting
// coroutine.
#pragma once

#include "ports/clock.hpp"

namespace deployctl::plugins {

class SystemClock final : public Clock {
public:
    WallTime now() const override;
    BootTime boot_time() const override;
    std::string boot_id() const override;
    Task<> sleep(Duration duration) override;
};

}  // namespace deployctl::plugins
