// SPDX-License-Identifier: Apache-2.0
// The stacks of infrastructure that a configuration names, in one environment: opened for a verb,
// and planned, all of them, for a rollout. Throws Error where something is not there.
#pragma once

#include "cli/parts.hpp"
#include "engine/planned_tasks.hpp"
#include "model/settings.hpp"
#include "plugins/terraform/stack.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::cli {

struct StackPlace {
    Target target;             ///< app and environment count
    std::string state_folder;  ///< notes on stacks are beneath it
};

/// Those of the environment, by name. Throws Error{usage} where `wanted` is none of them.
std::vector<std::string> stack_names(
    const Configuration& configuration, const std::string& environment, const std::string& wanted
);
/// `${env}` and `${app}` filled in.
StackSettings stack_settings(
    const Configuration& configuration, const Target& target, const std::string& stack
);

/// A stack of this machine, with the lock on its notes.
struct OpenStack {
    OpenStack(const StackPlace& place, plugins::terraform::StackOrder order, Parts& parts);

    plugins::terraform::StackFolder folder;
    bool is_ours;  ///< no other runner of this machine works on it
    plugins::terraform::Stack stack;
};

/// The exit code and the words of what does not go on.
[[noreturn]] void refuse(const std::string& stack, const plugins::terraform::Halt& halt);

/// Per month, by type of resource. Empty where no file is configured.
using Prices = std::map<std::string, double>;
Prices read_prices(Files& files, const std::string& path);
/// What a plan makes a month dearer; types without a price cost nothing.
double monthly_difference(const plugins::terraform::StackPlan& plan, const Prices& prices);
/// "+24.00 per month"
std::string price_text(double difference);
/// "1 to change, 0 to destroy (aws_db_parameter_group.checkout)", "no drift".
std::string short_text(const plugins::terraform::StackPlan& plan);

/// What a rollout has to know of the environment's stacks.
struct StackForecast {
    std::vector<engine::PlannedStack> planned;
    std::vector<std::string> refusals;
    std::vector<std::string> warnings;
    /// Of stacks that stay as they are, where hooks want them: "infra.data.url".
    std::map<std::string, std::string, std::less<>> outputs;
    std::string line;  ///< for people; empty: there are none
    double monthly = 0;
};

Task<StackForecast> forecast_stacks(
    Parts* parts, const Configuration* configuration, StackPlace place
);

}  // namespace deployctl::cli
