// SPDX-License-Identifier: Apache-2.0
// Folders in $TMPDIR that only this user can enter, each with a note of the process that made it. A
// process that is killed leaves its folder; the next one removes it.
#pragma once

#include <string>

namespace deployctl::plugins::kubectl {

/// 0700, in $TMPDIR or, where that is too long for a unix socket, in /tmp; those which dead
/// processes of this user have left there are removed. Throws Error{tool_missing}.
std::string make_private_folder();

}  // namespace deployctl::plugins::kubectl
