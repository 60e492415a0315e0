// SPDX-License-Identifier: Apache-2.0
// Whether a file that an option names can be written, before the work whose result goes there.
#pragma once

#include <string>

namespace deployctl::cli {

/// Throws Error{usage} where `path` cannot be written as far as anybody can tell without making it.
/// "fd:3" is a descriptor; an empty path is none.
void need_writable(const std::string& path, const std::string& option);

}  // namespace deployctl::cli
