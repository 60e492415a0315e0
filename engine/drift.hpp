// SPDX-License-Identifier: Apache-2.0
// What somebody else has changed of the objects that a rollout writes. What they should look like
// follows from the plan and the step at hand alone, so a runner that takes over knows it as well:
// the snapshot, and every action before the step; the step's own may have been done or not. Only on
// the way forward: back, the snapshot is what shall be. Pure, but for DriftWatch's memory.
#pragma once

#include "engine/fence.hpp"
#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "model/rollout.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::engine {

/// The kind of a Cause: somebody else's change, which a person has to decide on.
inline constexpr std::string_view drift_cause = "drift";
/// The kinds of a Cause where the object itself is gone.
inline constexpr std::string_view candidate_gone = "candidate_gone";
inline constexpr std::string_view workload_gone = "workload_gone";
/// The kind of a Cause: an autoscaler, or its limits, have moved on since the plan was made.
inline constexpr std::string_view outgrown_cause = "outgrown";

struct Difference {
    ObjectRef object;
    std::string field;  ///< "replicas", "selector", "pod template"
    std::string found;
    std::string expected;
};

/// "Deployment/web: replicas is 7 instead of 4", "Deployment/web: pod template: image a -> b".
std::string line_of(const Difference& difference);

/// What of the object is neither as before nor as after the step at hand.
std::vector<Difference> drift_of(
    const Plan& plan, int step, const ObjectRef& ref, const Value& object
);
/// Of stable, the candidate and the planned Services; those that are not there are left out.
std::vector<Difference> drift_of(const Plan& plan, int step, const World& world);

/// Another runner has gone on with it: what differs is its doing.
bool has_newer_runner(const Plan& plan, const World& world, const Term& own);

/// Stable, or the candidate while there has to be one, where it is not there.
std::optional<Cause> missing_workload(const Plan& plan, int step, const World& world);

Cause cause_of_drift(const std::vector<Difference>& differences, const std::string& stage);

/// Tells a difference when two looks in a row show it, until a person knows of it; what comes next
/// is as decided. One a run.
class DriftWatch {
public:
    /// What the journal tells a person, who goes on from it or does not.
    void accept(const std::optional<Cause>& cause);
    /// The objects are those of the look before, which showed no difference: nor does this one.
    bool is_undisturbed(int step, const World& world) const;
    /// Of those in this look, the ones that are new and were there a look ago.
    std::vector<Difference> look(const Plan& plan, int step, const World& world);
    /// Those that no person knows of.
    std::vector<Difference> tell(std::vector<Difference> differences) const;

private:
    std::vector<Difference> confirm(std::vector<Difference> differences);

    struct Undisturbed {
        int step = 0;
        SharedList<Workload> workloads;
        SharedList<Service> services;
    };

    std::optional<Undisturbed> undisturbed_;  ///< the look before, if it was
    std::set<std::string> known_;
    std::set<std::string> seen_;  ///< by the look before
};

}  // namespace deployctl::engine
