// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/host_runners.hpp"

#include "model/text.hpp"
#include "plugins/system/environment.hpp"
#include "plugins/system/system_clock.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <pwd.h>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace deployctl::plugins {

namespace {

/// Field 22 of /proc/PID/stat: clock ticks since boot at which the process began.
std::optional<std::int64_t> start_of(std::int64_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::stringstream content;
    content << file.rdbuf();
    const auto text = content.str();
    const auto after_name = text.rfind(')');  // the name itself may hold blanks and brackets
    if (after_name == std::string::npos) {
        return std::nullopt;
    }
    std::istringstream fields(text.substr(after_name + 2));
    std::string skipped;
    for (int field = 3; field < 22; ++field) {
        fields >> skipped;
        if (field == 3 && skipped.front() == 'Z') {
            return std::nullopt;  // ended, and not yet waited for
        }
    }
    std::int64_t start = 0;
    fields >> start;
    return start;
}

/// Process numbers mean something only within it. Empty where nobody can tell.
std::string pid_namespace() {
    std::error_code failure;
    return std::filesystem::read_symlink("/proc/self/ns/pid", failure).string();
}

std::string host_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string user_name() {
    const auto* entry = getpwuid(geteuid());
    return entry == nullptr ? std::to_string(geteuid()) : entry->pw_name;
}

/// Who set the job off; of one that is run again, who did that.
std::string by(const char* variable, const char* or_else) {
    const auto actor = environment(variable) ? environment(variable) : environment(or_else);
    return actor ? " by=" + *actor : "";
}

std::string identity(const std::string& host) {
    if (const auto repository = environment("GITHUB_REPOSITORY")) {
        return "ci:" + *repository + " run=" + environment("GITHUB_RUN_ID").value_or("?") +
               by("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR");
    }
    if (const auto project = environment("CI_PROJECT_PATH")) {
        return "ci:" + *project + " job=" + environment("CI_JOB_ID").value_or("?") +
               by("GITLAB_USER_LOGIN", "GITLAB_USER_LOGIN");
    }
    if (const auto caller = user_behind_sudo(getuid())) {
        return *caller + "@" + host + " by=sudo";
    }
    return user_name() + "@" + host;
}

}  // namespace

std::optional<std::string> user_behind_sudo(unsigned real_user) {
    const auto name = environment("SUDO_USER");
    const auto number = whole_number<uid_t>(environment("SUDO_UID").value_or(""));
    if (real_user != 0 || !name || number.value_or(0) == 0) {
        return std::nullopt;
    }
    const auto* caller = getpwuid(*number);
    return caller != nullptr && *name == caller->pw_name ? name : std::nullopt;
}

Runner child_of(const Runner& self, std::int64_t pid) {
    auto child = self;
    child.pid = pid;
    child.pid_start = start_of(pid).value_or(0);
    return child;
}

HostRunners::HostRunners() {
    self_.host = host_name();
    self_.identity = identity(self_.host);
    self_.pid = getpid();
    self_.pid_start = start_of(self_.pid).value_or(0);
    self_.boot_id = SystemClock().boot_id();
    self_.pid_namespace = pid_namespace();
}

Liveness HostRunners::liveness(const Runner& runner) const {
    if (runner.host != self_.host || runner.boot_id.empty()) {
        return Liveness::unknown;
    }
    if (runner.boot_id != self_.boot_id) {
        return Liveness::dead;
    }
    // Containers of a node share its boot, and with its network its name as well; none sees the
    // processes of another.
    if (runner.pid_namespace.empty() || runner.pid_namespace != self_.pid_namespace) {
        return Liveness::unknown;
    }
    const auto start = start_of(runner.pid);
    return start && *start == runner.pid_start ? Liveness::alive : Liveness::dead;
}

}  // namespace deployctl::plugins
