// SPDX-License-Identifier: Apache-2.0
// What a root that could not be rendered would have made, at least, as text for `Input::lost`: so
// that it counts as not assessed. Pure; any thread.
#pragma once

#include "readiness/charts.hpp"
#include "readiness/kustomize.hpp"

#include <string>

namespace deployctl::readiness {

/// Of the resources that a kustomization reaches, by what they are.
std::string lost_with(const Reach& reach, const Facts& facts);
/// Of the templates of the chart and of those that are rendered with it, by what they are named
/// after.
std::string lost_with(const Charts& charts, std::string_view folder);

}  // namespace deployctl::readiness
