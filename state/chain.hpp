// SPDX-License-Identifier: Apache-2.0
// The chain of a target's events, walked from its anchor or its begin to its head: each event says
// whether it follows from the one before it. Values; any thread.
#pragma once

#include "state/event_log.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace deployctl::state {

/// An event by its place and its hash; the zeroth one is before the first.
struct Mark {
    std::int64_t seq = 0;
    std::string hash;
};

/// What the tables say of one chain.
struct Chain {
    std::int64_t target = 0;
    std::string app;
    Mark anchor;  ///< the last event that was pruned
    Mark head;    ///< the last event that was written
};

class ChainWalk {
public:
    /// Over the last `at_most` events.
    ChainWalk(Chain chain, std::int64_t at_most);

    /// The last event that it has passed.
    std::int64_t after() const { return last_.seq; }

    /// What the tables say by now: more was written, or what lies ahead was pruned.
    void follow(Chain chain);

    /// The next event; a line for each thing that is wrong with it.
    void visit(const Link& link, const std::string& hash, std::vector<std::string>& faults);
    void end(std::vector<std::string>& faults) const;

private:
    std::string place(std::int64_t seq) const;

    Chain chain_;
    Mark last_;
    bool knows_last_hash_;
};

}  // namespace deployctl::state
