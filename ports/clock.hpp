// SPDX-License-Identifier: Apache-2.0
// Time, as a port: wall time for people, boot time for decisions, and the only way to wait. Lives
// as long as the program; used from the engine's thread.
#pragma once

#include "model/time.hpp"
#include "ports/task.hpp"

#include <string>

namespace deployctl {

class Clock {
public:
    virtual ~Clock() = default;
    virtual WallTime now() const = 0;
    virtual BootTime boot_time() const = 0;
    /// Boot times compare only where this is the same.
    virtual std::string boot_id() const = 0;
    virtual Task<> sleep(Duration duration) = 0;
};

}  // namespace deployctl
