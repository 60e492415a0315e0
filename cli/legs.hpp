// SPDX-License-Identifier: Apache-2.0
// One leg of a line, as the ordinary rollout that it is: in its own environment, cluster and
// folder; begun, gone on with after a crash, or sent back. What becomes of it is a value; accidents
// are thrown, and leave the leg to whoever goes on. Engine's thread.
#pragma once

#include "cli/running.hpp"
#include "model/operation.hpp"
#include "promotion/course.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// What may be said about a whole line.
struct LineChoices {
    RunChoices run;
    Order order;  ///< what every leg is ordered with; its tag and digest are the leg's
    /// Has not ended, and is closed once another one in its place begins.
    std::optional<Operation> replaced = {};
};

struct LegEnd {
    /// Paused or interrupted: it is neither good nor bad yet.
    enum class Kind { good, bad, left } kind{};
    RolloutId rollout{};  ///< empty: none was needed, or none began
    ExitCode exit{};
    std::string why{};
};

struct LegCheck {
    std::string why_not;  ///< empty: it could start
    std::string freeze;   ///< of now, where it only may be one by then
    Target target{};      ///< as its cluster names itself
};

class LegRunner {
public:
    /// All outlive it.
    LegRunner(Session& session, const promotion::Line& line, const LineChoices& choices);

    /// Why its rollout could not start now. Changes nothing. `freeze` says whether one of now
    /// counts.
    LegCheck check(const promotion::Leg& leg, FreezeRule freeze);
    LegEnd bring_out(const promotion::Leg& leg);
    /// Its rollout since then, where there is one; else it is brought out.
    LegEnd go_on(const promotion::Leg& leg, WallTime since);
    /// Its rollout, which was promoted, to what stood there before; `since` it was tried first.
    LegEnd send_back(
        const promotion::Leg& leg, const RolloutId& rollout, std::optional<WallTime> since
    );
    /// Whether what it brought out still stands well: its version, and the gates of its
    /// environment, once each. Empty where it does, else why not.
    std::string look(const promotion::Leg& leg);

private:
    LegEnd end_of(const engine::RunResult& result);
    std::optional<RolloutRecord> rollout_since(
        const promotion::Leg& leg, WallTime since, const std::string& version
    );
    static bool may_begin(Session& there, const RolloutRecord& rollout);
    LegEnd resume(Session& there, const RolloutRecord& rollout);
    LegEnd take_back(Session& there, const RolloutRecord& promoted);
    LegEnd travel_back(Session& there, const RolloutRecord& promoted);

    Session& session_;
    const promotion::Line& line_;
    const LineChoices& choices_;
};

/// The gates that a version has to pass in an environment, by its own list or its strategy's.
std::vector<std::string> gates_in(
    const Configuration& configuration,
    const Environment& environment,
    std::optional<StrategyKind> strategy
);

}  // namespace deployctl::cli
