// SPDX-License-Identifier: Apache-2.0
// A promoted rollout that is gone back from, by a rollout of its own, to the good version before
// it. Made for one such way back; the session outlives it. Engine's thread.
#pragma once

#include "cli/preparation.hpp"
#include "cli/return_point.hpp"
#include "cli/running.hpp"

#include <string>

namespace deployctl::cli {

class ReturnTrip {
public:
    /// Plans it. `to` is the version that somebody named; empty: the one before. Throws Error where
    /// there is none, another rollout is active there, or a contract migration lies between.
    ReturnTrip(
        Session& session,
        const RolloutRecord& promoted,
        const std::string& to,
        PastContract past_contract = PastContract::refused
    );
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

}  // namespace deployctl::cli
