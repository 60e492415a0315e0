// SPDX-License-Identifier: Apache-2.0
// What a command of a shell installs, and whether each of it has a version. Knows apt, apk, yum,
// dnf, zypper, pip, npm, yarn, pnpm, gem, go and cargo by their words; a guess where options take
// values that nobody told it of. Pure; any thread.
#pragma once

#include "documents/tree.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

enum class PackageOrigin { system, language };

struct PackageInstall {
    PackageOrigin origin = PackageOrigin::system;
    std::string manager;             ///< "apt-get"
    std::vector<std::string> loose;  ///< packages without a version
    std::string example;             ///< of a version: "curl=VERSION"
    bool has_unknown = false;        ///< a variable stands where a package could
};

/// Of `{program, args}`; nothing where it installs nothing by name.
std::optional<PackageInstall> read_install(const documents::Node& command);

}  // namespace deployctl::readiness
