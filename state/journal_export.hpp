// SPDX-License-Identifier: Apache-2.0
// The journal, or one app's part of it, as lines of JSON; the same journal gives the same lines.
// Throws Error{state_unreadable}. Any thread; opens the file for itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>

namespace deployctl::state {

struct Carried {
    std::int64_t rollouts = 0;
    std::int64_t events = 0;
};

/// Of one moment. An empty `app` is all of them; one that is not there is Error{usage}.
Carried export_journal(
    const std::filesystem::path& file, const std::string& app, std::ostream& out
);
/// Into a new file (0600), which is there only once it is whole.
Carried export_to_file(
    const std::filesystem::path& file, const std::string& app, const std::filesystem::path& copy
);

}  // namespace deployctl::state
