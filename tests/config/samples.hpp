// SPDX-License-Identifier: Apache-2.0
// Files that are good, and files whose shape is right or wrong, for tests that compare two readers.
#pragma once

#include <string>
#include <vector>

namespace deployctl::config {

/// Every key once, all maps in flow style.
std::string every_key();
std::vector<std::string> good_samples();
std::vector<std::string> shape_samples();

}  // namespace deployctl::config
