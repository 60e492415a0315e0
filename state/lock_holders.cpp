// SPDX-License-Identifier: Apache-2.0
#include "state/lock_holders.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace deployctl::state {

namespace {

/// "fe:01:262155": device and inode.
std::string lock_name(const std::filesystem::path& file) {
    struct stat found {};

    if (::stat(file.c_str(), &found) != 0) {
        return "";
    }
    std::array<char, 64> name{};
    std::snprintf(
        name.data(),
        name.size(),
        "%02x:%02x:%lu",
        major(found.st_dev),
        minor(found.st_dev),
        static_cast<unsigned long>(found.st_ino)
    );
    return name.data();
}

/// Its arguments are nobody's business.
std::string name_of(int pid) {
    std::ifstream stream("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(stream, name);
    return name;
}

}  // namespace

std::vector<LockHolder> lock_holders(const std::filesystem::path& file) {
    const auto name = lock_name(file);
    std::ifstream locks("/proc/locks");
    std::vector<LockHolder> holders;
    // "1: POSIX  ADVISORY  READ 4242 fe:01:262155 1073741826 1073742335"; one that waits has "->".
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words(line);
        std::string number;
        std::string word;
        std::string place;
        int pid = 0;
        words >> number >> word >> word >> word >> pid >> place;
        const bool is_known = std::ranges::find(holders, pid, &LockHolder::pid) != holders.end();
        if (pid > 0 && pid != ::getpid() && place == name && !is_known) {
            holders.push_back({pid, name_of(pid)});
        }
    }
    return holders;
}

}  // namespace deployctl::state
