// SPDX-License-Identifier: Apache-2.0
// What speaks against a rollout of this workload by this strategy, from one look at the world.
// Pure. Each objection says what stands in the way and what to do.
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

enum class Slots { one, two };

struct Objections {
    std::vector<std::string> refusals;
    std::vector<std::string> warnings;
};

/// Whether the ScaledObject of an autoscaler that KEDA has made could be read.
enum class KedaAccess { unseen, pausable };

Objections object_to(
    const World& world, const Workload& workload, Slots slots, KedaAccess keda = KedaAccess::unseen
);
/// Services of the workload that a rollout has left pinned: no baseline to return to.
std::vector<std::string> object_to_pins(
    const World& world, const Workload& workload, const Target& target
);
/// "Argo CD", "Flux": who keeps the object as a repository has it.
std::optional<std::string> gitops_owner(const ObjectMeta& meta);
/// deployctl has made or written it for this app.
bool is_of_app(const ObjectMeta& meta, const std::string& app);
/// Services with pods of others behind them, which a pin would cut off.
std::vector<std::string> object_to_sharing(
    const World& world,
    const Workload& workload,
    const std::string& app,
    const std::vector<std::string>& services
);
/// A Service of the name of the preview's that we would take over.
std::vector<std::string> object_to_preview(
    const World& world, const std::string& preview, const std::string& app
);
/// A workload of the candidate's name that is not ours.
std::vector<std::string> object_to_candidate(
    const World& world, const std::string& candidate, const std::string& app
);

}  // namespace deployctl::engine
