// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/private_folder.hpp"

#include "model/error.hpp"
#include "plugins/system/host_runners.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace deployctl::plugins::kubectl {

namespace {

constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::string_view prefix = "deployctl-";
constexpr std::size_t random_letters = 6;
constexpr const char* format = "deployctl-owner/1";

std::string owner_file(const std::string& folder) {
    return folder + "/owner";
}

void note_owner(const std::string& folder, const Runner& self) {
    std::ofstream file(owner_file(folder));
    file << format << "\n"
         << self.host << "\n"
         << self.boot_id << "\n"
         << self.pid_namespace << "\n"
         << self.pid << " " << self.pid_start << "\n";
}

/// Nothing where the note is missing, is another's, or is not whole: nobody knows then.
std::optional<Runner> read_owner(const std::string& folder) {
    std::ifstream file(owner_file(folder));
    std::string kind;
    Runner owner;
    std::getline(file, kind);
    std::getline(file, owner.host);
    std::getline(file, owner.boot_id);
    std::getline(file, owner.pid_namespace);
    file >> owner.pid >> owner.pid_start;
    const bool is_known = file && kind == format;
    return is_known ? std::optional(owner) : std::nullopt;
}

bool is_ours(const std::string& path, mode_t type, mode_t mode) {
    struct stat facts {};

    return ::lstat(path.c_str(), &facts) == 0 && facts.st_uid == ::geteuid() &&
           (facts.st_mode & S_IFMT) == type && (facts.st_mode & mode) == (mode & 0700U);
}

bool is_abandoned(const std::filesystem::path& path, const HostRunners& runners) {
    const auto name = path.filename().string();
    if (!name.starts_with(prefix) || name.size() != prefix.size() + random_letters) {
        return false;
    }
    // whoever else may write into it could have written the note
    if (!is_ours(path, S_IFDIR, 0777) || !is_ours(owner_file(path), S_IFREG, 0)) {
        return false;
    }
    const auto owner = read_owner(path);
    return owner && runners.liveness(*owner) == Liveness::dead;
}

void sweep(const std::string& parent, const HostRunners& runners) {
    std::error_code ignored;  // what cannot be removed is the machine's to clean
    using std::filesystem::directory_options;
    std::filesystem::directory_iterator walk(
        parent, directory_options::skip_permission_denied, ignored
    );
    for (; walk != std::filesystem::directory_iterator(); walk.increment(ignored)) {
        if (is_abandoned(walk->path(), runners)) {
            std::filesystem::remove_all(walk->path(), ignored);
        }
    }
}

}  // namespace

std::string make_private_folder() {
    const auto name = "/" + std::string(prefix) + std::string(random_letters, 'X');
    auto parent = std::filesystem::temp_directory_path().string();
    if (parent.size() + name.size() + std::string_view("/socket").size() > longest_socket_path) {
        parent = "/tmp";
    }
    const HostRunners runners;
    sweep(parent, runners);
    auto pattern = parent + name;
    if (mkdtemp(pattern.data()) == nullptr) {
        throw Error(
            ExitCode::tool_missing,
            "cannot make a folder in " + parent,
            "check $TMPDIR: it must be writable"
        );
    }
    note_owner(pattern, runners.self());
    return pattern;
}

}  // namespace deployctl::plugins::kubectl
