// SPDX-License-Identifier: Apache-2.0
// Who holds a lock on a file, from /proc/locks, which is read without opening the file: closing
// another descriptor of a database would drop the locks of this process. Never throws; any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace deployctl::state {

struct LockHolder {
    int pid = 0;
    std::string program;
};

/// Without this process itself; empty where the kernel does not say.
std::vector<LockHolder> lock_holders(const std::filesystem::path& file);

}  // namespace deployctl::state
