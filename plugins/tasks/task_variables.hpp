// SPDX-License-Identifier: Apache-2.0
// What programs of a task find in their environment: "DEPLOYCTL_VERSION" and the like. Pure.
#pragma once

#include "ports/tasks.hpp"

#include <map>
#include <string>

namespace deployctl::plugins {

std::map<std::string, std::string> variables_of(const TaskOrder& order);

}  // namespace deployctl::plugins
