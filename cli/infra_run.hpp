// SPDX-License-Identifier: Apache-2.0
// What the verbs of `infra` share: which stacks of which environment are meant, how a plan is
// shown, and an apply that is journaled while it goes on. Throws Error.
#pragma once

#include "cli/operating.hpp"
#include "cli/session.hpp"
#include "cli/stacks.hpp"

#include <functional>
#include <string>
#include <vector>

namespace deployctl::cli {

struct InfraScene {
    Configuration configuration;
    StackPlace place;
    std::vector<std::string> stacks;  ///< that are meant
    Prices prices;
};

/// Throws Error{usage} where no stack is meant.
InfraScene infra_scene(Session& session, const std::string& wanted);
plugins::terraform::StackOrder stack_order(const InfraScene& scene, const std::string& stack);

/// What has to hold before the tool is asked. Throws Error where another runner works on it.
void make_ready(Session& session, OpenStack& open, const std::string& name);

struct FreshPlan {
    std::optional<plugins::terraform::Halt> halt;  ///< it does not go on
    plugins::terraform::PlannedChanges planned;
    std::optional<plugins::terraform::StackRun> was;  ///< that it takes up
};
enum class Leftovers { refuse, take_up };
/// Whatever an earlier runner has left is settled, and the stack is planned.
Task<FreshPlan> plan_open_stack(OpenStack* open, std::string name, Leftovers leftovers);

/// Says what its policies deny; true where they deny nothing.
bool policies_agree(
    Session& session,
    const InfraScene& scene,
    const std::string& name,
    const plugins::terraform::PlannedChanges& planned
);

/// For `-o json`: no value of any attribute is in it.
Value plan_value(
    const std::string& stack,
    const plugins::terraform::PlannedChanges& planned,
    const Prices& prices
);
std::string plan_text(
    const std::string& stack,
    const plugins::terraform::StackPlan& plan,
    const Prices& prices,
    const Style& style
);

}  // namespace deployctl::cli
