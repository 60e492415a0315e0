// SPDX-License-Identifier: Apache-2.0
// What a disk may hold when the power goes: plays the diary of a RecordingVfs up to some event and
// gives the files as they could be found afterwards. A sync makes the bytes of its file last, and,
// as SQLite does on unix, the name of a file at its first sync; everything else may or may not be
// there, in any mixture. Values; any thread.
#pragma once

#include "tests/state/recording_vfs.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::tests {

/// By name.
using DiskFiles = std::map<std::string, std::string>;

/// Which changes since the last sync of their file had reached the disk.
enum class Unsynced {
    lost,
    kept,
    kept_but_last,
    torn_head,  ///< all, of the last write only the first half of its sectors
    torn_tail,  ///< all, of the last write only the second half
    last_alone,
    every_other,
    of_database_alone,
    of_journal_alone,
};

/// Which files had been made or removed for good.
enum class Names { synced_alone, all };

struct PowerCut {
    Unsynced unsynced{};
    Names names{};
};

std::vector<PowerCut> all_power_cuts();
std::string to_text(PowerCut cut);

class CrashDisk {
public:
    /// `before` is safely on the disk.
    explicit CrashDisk(const DiskFiles& before);

    void play(const DiskEvent& event);
    DiskFiles after(PowerCut cut) const;

private:
    struct File {
        std::string lasting;
        std::vector<DiskEvent> pending;
        bool has_lasting_name = false;
    };

    using Folder = std::map<std::string, std::size_t>;  ///< which file a name means

    static std::string content(const File& file, const std::string& name, Unsynced unsynced);

    std::vector<File> files_;
    Folder names_;
    Folder lasting_names_;
};

}  // namespace deployctl::tests
