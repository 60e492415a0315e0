// SPDX-License-Identifier: Apache-2.0
// Whether the events of an export are those that were written: the chains, before a line of it is
// taken. Throws Error{state_unreadable} with the line. Any thread.
#pragma once

#include <filesystem>

namespace deployctl::state {

void check_export(const std::filesystem::path& exported);

}  // namespace deployctl::state
