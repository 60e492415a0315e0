// SPDX-License-Identifier: Apache-2.0
// What `doctor` and careful people do with a journal: check the chain of its events, copy it while
// it is in use. Throws Error{state_unreadable}. Any thread; opens the file for itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace deployctl::state {

class Connection;

struct ChainReport {
    std::int64_t checked = 0;         ///< events
    std::vector<std::string> faults;  ///< one line each; none: the chain holds
};

/// The last `at_most` events of each target of `app`, or of all where it is empty: hashes, links,
/// no gap, and the head that the target remembers; and the newest `at_most` operations. A file that
/// is not there has nothing to check.
ChainReport verify_chain(
    const std::filesystem::path& file, int at_most = 1000, const std::string& app = ""
);

/// What no deployctl wrote into a cell, one line each, the first `at_most` of them: "rollouts
/// number 4: owner_json is no JSON".
std::vector<std::string> faulty_cells(const std::filesystem::path& file, int at_most = 20);

/// A whole copy (0600) of one moment; throws where `copy` exists already.
void back_up(const std::filesystem::path& file, const std::filesystem::path& copy);
/// The same of one that is open; false, and nothing done, where `copy` exists already.
bool copy_journal(Connection& connection, const std::filesystem::path& copy);

}  // namespace deployctl::state
