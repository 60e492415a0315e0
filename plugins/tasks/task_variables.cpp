// SPDX-License-Identifier: Apache-2.0
#include "plugins/tasks/task_variables.hpp"

namespace deployctl::plugins {

std::map<std::string, std::string> variables_of(const TaskOrder& order) {
    return {
        {"DEPLOYCTL_APP", order.target.app},
        {"DEPLOYCTL_ENV", order.target.environment},
        {"DEPLOYCTL_NAMESPACE", order.target.kube_namespace},
        {"DEPLOYCTL_VERSION", order.version},
        {"DEPLOYCTL_ROLLOUT", order.rollout},
        {"DEPLOYCTL_TASK", order.name},
        {"DEPLOYCTL_ATTEMPT", order.attempt.id},
        {"DEPLOYCTL_REPEATED", order.attempt.is_repeat ? "true" : "false"},
    };
}

}  // namespace deployctl::plugins
