// SPDX-License-Identifier: Apache-2.0
#include "plugins/process/group.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace deployctl::plugins {

namespace {

namespace fs = std::filesystem;

bool is_running_member(const fs::path& process, pid_t group) {
    std::ifstream file(process / "stat");
    std::string stat;
    std::getline(file, stat);
    const auto name_end = stat.rfind(')');  // a name may hold anything
    if (name_end == stat.npos) {
        return false;
    }
    std::istringstream fields(stat.substr(name_end + 1));
    char state = 'X';
    pid_t parent = 0;
    pid_t its_group = 0;
    fields >> state >> parent >> its_group;
    return its_group == group && state != 'Z' && state != 'X';
}

}  // namespace

bool is_any_running(pid_t group) {
    if (kill(-group, 0) != 0) {
        return false;  // the ordinary case, without a look at all processes
    }
    std::error_code unseen;
    for (fs::directory_iterator entry("/proc", unseen), end; !unseen && entry != end;
         entry.increment(unseen)) {
        const auto name = entry->path().filename().string();
        const bool is_process = name.find_first_not_of("0123456789") == name.npos;
        if (is_process && is_running_member(entry->path(), group)) {
            return true;
        }
    }
    return false;
}

}  // namespace deployctl::plugins
