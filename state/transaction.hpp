// SPDX-License-Identifier: Apache-2.0
// The border to SQLite: work that runs here ends as one transaction or not at all, and what SQLite
// throws leaves as Error{state_unreadable}. A transaction never leaves state/. One thread.
#pragma once

#include "state/connection.hpp"

#include <filesystem>
#include <functional>

namespace deployctl::state {

/// For reading and opening.
void guarded(const std::filesystem::path& file, const std::function<void()>& work);

/// BEGIN IMMEDIATE, the work, COMMIT; rolled back where the work throws. On a full disk the ballast
/// is given up and the work runs a second time, so it must set its results anew.
void write(Connection& connection, const std::function<void()>& work);

}  // namespace deployctl::state
