// SPDX-License-Identifier: Apache-2.0
// What of a plan nobody may read who is told of it: the values that Terraform itself has marked,
// of resources, outputs and variables. Pure; any thread.
#pragma once

#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::plugins::terraform {

/// Of what `show -json` prints; numbers as their texts.
std::vector<std::string> sensitive_texts(const Value& plan);

}  // namespace deployctl::plugins::terraform
