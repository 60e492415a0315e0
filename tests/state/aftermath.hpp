// SPDX-License-Identifier: Apache-2.0
// What a journal must still say after a power cut or a broken disk, and whether it does. One
// thread.
#pragma once

#include "tests/state/crash_disk.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace deployctl::tests {

/// What was acknowledged so far, and after how many changes of the disk.
struct Promise {
    std::size_t at = 0;
    int rollouts = 0;
    int events = 0;  ///< of all of them
    int requests = 0;
};

/// The journal and what lies beside it.
DiskFiles read_files(const std::filesystem::path& folder);
/// In the place of all that is there.
void write_files(const std::filesystem::path& folder, const DiskFiles& files);

/// An empty journal, and no real ballast: making one takes longer than all the rest of a test.
DiskFiles fresh_files();

/// What is wrong with `state.db` in the folder; empty where it is whole and nothing is lost.
std::string fault_in(const std::filesystem::path& folder, const Promise& promised);

}  // namespace deployctl::tests
