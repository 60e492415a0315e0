// SPDX-License-Identifier: Apache-2.0
#include "state/failure.hpp"

#include "state/lock_holders.hpp"

#include <sqlite3.h>

namespace deployctl::state {

namespace {

constexpr const char* way_back =
    "An active rollout can go back without it: `deployctl rollout rollback --from-cluster`.";

Error unreadable(
    const std::filesystem::path& file, const std::string& what, const std::string& help
) {
    return Error(ExitCode::state_unreadable, "the journal " + file.string() + " " + what, help);
}

/// The file is left as it is: whoever reads the message decides what becomes of it.
std::string begin_anew(const std::filesystem::path& file) {
    return "It was left untouched. " + std::string(way_back) +
           " To begin a new journal, move it away: `mv " + file.string() + " " + file.string() +
           ".aside`.";
}

Error locked(const std::filesystem::path& file, const std::vector<LockHolder>& holders) {
    std::string names;
    for (const auto& [pid, program] : holders) {
        names += (names.empty() ? "process " : ", process ") + std::to_string(pid);
        names += program.empty() ? "" : " (" + program + ")";
    }
    return unreadable(
        file,
        "is locked by " + (names.empty() ? "another process" : names) + ", which did not let go",
        "Let it finish, or end it, and try again; a rollout that stopped here goes on with "
        "`deployctl rollout resume`. `fuser -v " +
            file.string() + "` names who has it open."
    );
}

}  // namespace

Error sqlite_failure(const std::filesystem::path& file, int code, const std::string& detail) {
    if (code == SQLITE_READONLY_DBMOVED) {
        return unreadable(
            file,
            "was moved away or deleted while it was written",
            "The rollout stands as it was, half done. With the file back in its place: `deployctl "
            "rollout resume`; else `deployctl rollout adopt`, then resume, goes on from the "
            "cluster's own record. " +
                std::string(way_back)
        );
    }
    switch (code & 0xff) {
        case SQLITE_FULL:
            return unreadable(
                file,
                "cannot grow: the disk is full",
                "Free some space, then `deployctl rollout resume`. " + std::string(way_back)
            );
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return locked(file, lock_holders(file));
        case SQLITE_CORRUPT: return damaged(file, detail);
        case SQLITE_NOTADB: return unreadable(file, "is no SQLite database", begin_anew(file));
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH: return not_writable(file, detail);
        default: return unreadable(file, "cannot be read or written: " + detail, way_back);
    }
}

Error damaged(const std::filesystem::path& file, const std::string& detail) {
    return unreadable(file, "is damaged: " + detail, begin_anew(file));
}

Error foreign_database(const std::filesystem::path& file) {
    return unreadable(
        file,
        "is a database of another program",
        "Name another file with --state; this one was left untouched."
    );
}

Error newer_schema(const std::filesystem::path& file, int needed, int known) {
    return unreadable(
        file,
        "was written by a newer deployctl: needs schema " + std::to_string(needed) +
            ", this one knows " + std::to_string(known),
        "Use the newer deployctl, or name another file with --state; this one was left untouched."
    );
}

Error changed_schema(const std::filesystem::path& file, const std::string& migration) {
    return unreadable(
        file,
        "was made with another text of the migration " + migration,
        "It comes from a build between releases. Use that build, or name another file with --state."
    );
}

Error no_journal(const std::filesystem::path& file, const std::string& purpose) {
    return Error(
        ExitCode::state_unreadable,
        "there is no journal " + file.string() + " " + purpose,
        "name one with --state; the first rollout makes it"
    );
}

Error is_folder(const std::filesystem::path& file) {
    return unreadable(
        file,
        "is a folder, and no file",
        "Name a file with --state, such as " + (file / "state.db").string() + "."
    );
}

Error is_device(const std::filesystem::path& file) {
    return unreadable(
        file, "is a device, pipe or socket, and no file", "Name a file with --state."
    );
}

Error not_readable(const std::filesystem::path& file, const std::string& detail) {
    return unreadable(
        file,
        "cannot be read: " + detail,
        "Mend the permissions, or name a file in a folder of your own with --state."
    );
}

Error not_writable(const std::filesystem::path& file, const std::string& detail) {
    return unreadable(
        file,
        "cannot be written: " + detail,
        "Name a file in a folder of your own with --state, or mend the permissions."
    );
}

Error on_network(const std::filesystem::path& file, const std::string& file_system) {
    return unreadable(
        file,
        "is on a network file system (" + file_system + "), whose locks cannot be trusted",
        "Name a file on a local disk with --state."
    );
}

Error damaged_cell(const std::string& text) {
    constexpr std::size_t longest = 40;
    return Error(
        ExitCode::state_unreadable,
        "the journal is damaged: where JSON belongs it holds \"" + text.substr(0, longest) + "\"",
        "`deployctl state check` looks for more of it. " + std::string(way_back)
    );
}

Error unknown_rollout(const std::string& rollout) {
    return Error(
        ExitCode::state_unreadable,
        "the journal does not know the rollout " + rollout,
        std::string(way_back)
    );
}

}  // namespace deployctl::state
