// SPDX-License-Identifier: Apache-2.0
// Several runners on one thread and one virtual clock: at each call to the world they take turns,
// and one of them can be made to stand still in the middle of a call, as by SIGSTOP, while the
// others go on. One a play; outlives its runners.
#pragma once

#include "ports/task.hpp"
#include "simcluster/virtual_clock.hpp"

#include <map>
#include <optional>
#include <string>

namespace boost::asio {
class io_context;
}

namespace deployctl::simulation {

class Turns {
public:
    Turns(boost::asio::io_context& loop, simcluster::VirtualClock& clock)
        : loop_(loop), clock_(clock) {}

    void enter() { ++active_; }

    void leave() { --active_; }

    int active() const { return active_; }

    /// Whoever passes next stands still for so long.
    void freeze_next(Duration duration) { freeze_ = duration; }

    /// The others' turn. Returns at once where nobody else is there.
    Task<> pass(std::string runner);

    /// How long the others' turns have taken since this one's last look: no call of a real runner
    /// waits for another runner to sleep.
    Duration waited(const std::string& runner) { return waited_[runner]; }

    void has_looked(const std::string& runner) { waited_.erase(runner); }

private:
    boost::asio::io_context& loop_;
    simcluster::VirtualClock& clock_;
    int active_ = 0;
    int frozen_ = 0;
    std::optional<Duration> freeze_;
    std::map<std::string, Duration> waited_;  // by runner
};

}  // namespace deployctl::simulation
