// SPDX-License-Identifier: Apache-2.0
// What the journal of deployments knows of recovery, as facts for an assessment: drills, how long
// it took to go back, restores of backups that were tried. Ages are those of the moment it was
// read. Values; any thread.
#pragma once

#include "readiness/facts.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// AssessedFile::path and ::kind of them; the rendering is "live".
inline constexpr std::string_view journal_path = "live/journal";
inline constexpr const char* journal_kind = "deployment-journal";

struct DrillFact {
    std::int64_t number = 0;  ///< as `history` and `dr status` show it
    bool is_good = false;     ///< it has ended well
    std::chrono::seconds age{};
    std::optional<std::chrono::seconds> rto;  ///< measured
    std::optional<std::chrono::seconds> rpo;
};

struct DrillFacts {
    std::chrono::seconds every{};  ///< how often there has to be one
    std::chrono::seconds rto{};    ///< what is promised
    std::chrono::seconds rpo{};
    std::optional<DrillFact> last;
    std::optional<DrillFact> last_good;
};

/// Of rollouts that went back, from the decision to the verified old version.
struct ReturnFacts {
    int count = 0;
    std::chrono::seconds median{};
    std::chrono::seconds slowest{};
    std::optional<std::chrono::seconds> target;  ///< the RTO of deploy.yaml, where there is one
};

struct BackupFact {
    std::string database;
    bool can_be_verified = false;                     ///< a program is configured
    std::optional<std::chrono::seconds> verified;     ///< how long ago one was restored
    std::optional<std::chrono::seconds> failed_last;  ///< so long ago a restore failed, since then
};

struct JournalFacts {
    std::optional<DrillFacts> drills;  ///< nothing: nobody has promised any
    std::optional<ReturnFacts> returns;
    std::vector<BackupFact> backups;  ///< of the databases that are configured
};

/// A file of the rendering "live".
AssessedFile journal_file(const JournalFacts& facts);
/// The same where the journal cannot be read: what it may know is not assessed.
AssessedFile unread_journal(std::string why);

}  // namespace deployctl::readiness
