// SPDX-License-Identifier: Apache-2.0
// Whether a rollout can bring a stack back by itself: the files of before, planned in a copy of the
// stack's folder, have to find the same state and all that they read. Engine's thread.
#pragma once

#include "model/infrastructure.hpp"

#include <string>

namespace deployctl::plugins::terraform {

/// Why not, "reads ../prod.tfvars, which a copy of infra/data has not in it"; empty: it can.
/// `notes` is the folder of the stack's notes, in which it was initialised.
std::string trouble_with_going_back(const StackSettings& settings, const std::string& notes);

}  // namespace deployctl::plugins::terraform
