// SPDX-License-Identifier: Apache-2.0
// Which program this is. Pure.
#pragma once

#include <string>

namespace deployctl::cli {

/// "0.1.0"
const char* version_number();
/// "deployctl 0.1.0"
std::string version_text();

}  // namespace deployctl::cli
