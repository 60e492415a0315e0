// SPDX-License-Identifier: Apache-2.0
// The journal of one moment, in a private temporary file that nobody else can open: whoever reads
// it holds no lock on the journal, however long they take. The lock is held for the copying alone.
// Throws what SQLite throws: inside of guarded(). One thread.
#pragma once

#include "state/connection.hpp"

namespace deployctl::state {

SQLite::Database take_snapshot(Connection& connection);

}  // namespace deployctl::state
