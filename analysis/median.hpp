// SPDX-License-Identifier: Apache-2.0
// The value in the middle; between the two middle ones of an even number. Pure; any thread.
#pragma once

#include <vector>

namespace deployctl::analysis {

/// Of at least one value, none of them NaN.
double median(std::vector<double> values);

}  // namespace deployctl::analysis
