// SPDX-License-Identifier: Apache-2.0
// Which backups of one database may go. Pure; any thread.
#pragma once

#include "model/backup.hpp"
#include "plugins/backup/artefact_folder.hpp"

#include <string>
#include <vector>

namespace deployctl::plugins::backup {

enum class Fate { stays, goes };

struct Judged {
    Listed listed;
    Fate fate{};
    std::string why;  ///< "one of the last 10"
};

/// The newest first, as they are given. What either rule keeps stays, and the newest good one
/// always does; what is no good, or lost its file, is none of the last ones.
std::vector<Judged> judge(
    const std::vector<Listed>& newest_first, const Retention& keep, WallTime now
);

}  // namespace deployctl::plugins::backup
