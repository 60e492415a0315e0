// SPDX-License-Identifier: Apache-2.0
// Whether an export holds what a journal can hold, and its events are those that were written: the
// cells and the chains, before a line of it is taken. Throws Error{state_unreadable} with the line.
// Any thread.
#pragma once

#include <filesystem>

namespace deployctl::state {

void check_export(const std::filesystem::path& exported);

}  // namespace deployctl::state
