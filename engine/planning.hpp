// SPDX-License-Identifier: Apache-2.0
// From configuration and one look at the world to a plan, or to every reason why there is none.
// Pure; nothing is written anywhere.
#pragma once

#include "engine/config_inputs.hpp"
#include "engine/object_inputs.hpp"
#include "engine/planned_tasks.hpp"
#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

/// What was read of what a release brings besides its pods.
struct ReleaseInputs {
    std::vector<ConfigInput> config;  ///< of the configuration's `config_objects`
    ObjectInputs objects;
    TaskInputs tasks;
    /// Manifests of the other objects, as a release of before had them; none: as files say.
    std::optional<std::vector<Value>> recorded_objects = std::nullopt;
};

struct PlanRequest {
    Configuration configuration;
    Environment environment;
    Target target;
    StrategyKind strategy{};
    std::string tag;
    std::string digest;                     ///< of the tag; empty where it is not pinned
    std::optional<std::vector<int>> steps;  ///< weights given on the command line
    std::optional<Value>
        pod_template;           ///< from the manifests; else the live one with another image
    int recorded_replicas = 0;  ///< of the workload, by a rollout that shrinks it now; 0: none does
    ReleaseInputs beside = {};
    std::string emergency_approval = {};                ///< before anything is changed; empty: none
    std::optional<Value> scaled_object = std::nullopt;  ///< of KEDA, that the workload's is made of
};

struct PlanDraft {
    Plan plan;
    std::vector<std::string> refusals;  ///< why it must not start; empty: it may
    std::vector<std::string> warnings;
    bool is_no_change = false;  ///< the workload runs exactly this already
};

/// What has to be read for `PlanRequest::config`.
ConfigQuery config_query(const World& world, const PlanRequest& request);
/// Throws Error{usage} where workload or container is not there, naming those that are.
PlanDraft make_plan(const World& world, const PlanRequest& request);

}  // namespace deployctl::engine
