// SPDX-License-Identifier: Apache-2.0
// A promoted rollout that is gone back from, by a rollout of its own, to the good version before
// it. Made for one such way back; the session outlives it. Engine's thread.
#pragma once

#include "cli/preparation.hpp"
#include "cli/return_point.hpp"
#include "cli/running.hpp"

#include <string>

namespace deployctl::cli {

/// The version that somebody named; empty: the one before.
struct ReturnWish {
    std::string to;
    PastContract past_contract = PastContract::refused;
};

class ReturnTrip {
public:
    /// Plans it. Throws Error where there is no such version, another rollout is active there, or a
    /// contract migration lies between.
    ReturnTrip(Session& session, const RolloutRecord& promoted, const ReturnWish& wish);
    ReturnTrip(const ReturnTrip&) = delete;
    ReturnTrip& operator=(const ReturnTrip&) = delete;

    const std::string& version() const { return point_.version; }

    const Prepared& prepared() const { return prepared_; }

    /// Where it leads, and its plan, for people.
    std::string words(const Style& style) const;
    engine::RunResult run(const RunChoices& choices);

private:
    RolloutRecord promoted_;
    Globals globals_;
    Session there_;
    ReturnPoint point_;
    Prepared prepared_;
};

/// Plans it, tells it, asks where somebody is at a terminal, and walks it.
ExitCode return_from(
    Session& session,
    const RunChoices& choices,
    const RolloutRecord& promoted,
    const ReturnWish& wish
);

}  // namespace deployctl::cli
