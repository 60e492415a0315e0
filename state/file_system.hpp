// SPDX-License-Identifier: Apache-2.0
// The file below the journal: its folder and modes, whether its disk can be trusted with locks, and
// the ballast beside it, which is given up when the disk is full. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace deployctl::state {

/// Makes missing folders (0700) and the file (0600, empty); what exists keeps its mode.
/// Throws Error{state_unreadable} where that cannot be, or on a network file system.
void prepare_file(const std::filesystem::path& file);

/// A new file (0600) that lies beside its place until it is whole: it gets its name only then, and
/// goes away where nobody publishes it. Throws Error{state_unreadable}.
class Draft {
public:
    explicit Draft(std::filesystem::path file);
    ~Draft();
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    /// Where it is written.
    const std::filesystem::path& place() const { return place_; }

    /// Brings it safely to the disk and gives it its name; false where something has that already.
    [[nodiscard]] bool publish();

private:
    std::filesystem::path file_;
    std::filesystem::path place_;
};

/// Throws Error{state_unreadable} where the nearest existing folder is on a network file system.
void refuse_network(const std::filesystem::path& file);

/// The name of the network file system, from the magic number of statfs and, for FUSE, the type of
/// the mount.
std::optional<std::string> network_file_system(unsigned long magic, std::string_view mount_type);
/// The type of the mount that holds the path, from the text of /proc/self/mountinfo; empty where
/// none does.
std::string mount_type(std::string_view mountinfo, const std::filesystem::path& path);

/// 4 MiB beside the journal, really allocated; a disk without room for it has none.
std::filesystem::path ballast_of(const std::filesystem::path& file);
void keep_ballast(const std::filesystem::path& file);

enum class Ballast { given_up, none_left };

Ballast give_up_ballast(const std::filesystem::path& file);

}  // namespace deployctl::state
