// SPDX-License-Identifier: Apache-2.0
// What Terraform and OpenTofu are called with: argument lists, without the program. Pure.
#pragma once

#include "model/infrastructure.hpp"

#include <string>
#include <vector>

namespace deployctl::plugins::terraform {

using Arguments = std::vector<std::string>;

Arguments version_arguments();
/// Without migrating anything: what an earlier backend held stays there.
Arguments init_arguments(const StackSettings& settings, const std::string& dir);
Arguments validate_arguments(const std::string& dir);
/// Makes the workspace where it is not there.
Arguments workspace_arguments(const std::string& workspace, const std::string& dir);
Arguments plan_arguments(
    const StackSettings& settings, const std::string& dir, const std::string& plan_file
);
/// Asks for the lock and gives it back: who holds it is said in the answer.
Arguments lock_question(const StackSettings& settings, const std::string& dir);
Arguments show_arguments(const std::string& dir, const std::string& plan_file);
/// Of a saved plan only.
Arguments apply_arguments(
    const StackSettings& settings, const std::string& dir, const std::string& plan_file
);
Arguments state_pull_arguments(const std::string& dir);
Arguments state_push_arguments(
    const StackSettings& settings, const std::string& dir, const std::string& state_file
);
Arguments force_unlock_arguments(const std::string& dir, const std::string& lock_id);
Arguments output_arguments(const std::string& dir);

}  // namespace deployctl::plugins::terraform
