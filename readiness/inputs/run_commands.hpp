// SPDX-License-Identifier: Apache-2.0
// What a line of a script runs, for questions that words alone must not answer: `echo "restic"` and
// a comment run no restic. Pure; any thread; bounded by the line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// Each program with its arguments and where it writes, without its folder and without quotes:
/// "pg_dump shop >shop.sql". Also what ssh, `kubectl exec`, timeout and the like run. Without what
/// only says or sets something; a date that is only said is none.
std::vector<std::string> commands_run(std::string_view line);

/// Whether something in it is only said.
bool says_something(std::string_view line);

}  // namespace deployctl::readiness
