// SPDX-License-Identifier: Apache-2.0
// Which files there are to be read, and what nobody looked into and why: an assessment that looks
// at less has to say so. By one thread; the order depends on the names alone. Links are never
// followed: what they lead to inside of the tree is read there. One that has the name of something
// to read, and leads to what is not read, is unreadable: behind it there may be anything.
#pragma once

#include "ports/source_tree.hpp"
#include "readiness/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

struct WalkLimits {
    static constexpr std::size_t file_bytes = 4U << 20U;
    static constexpr std::size_t entries = 1'000'000;
    static constexpr std::size_t depth = 100;
};

/// LeftOut::why of what Settings::exclude names.
inline constexpr std::string_view excluded_by_settings = "excluded by the settings";

struct WalkedFile {
    std::string path;
    std::uint64_t bytes = 0;
};

struct LeftOut {
    std::string path;  ///< what of its name is no text is written as \x1B
    std::string why;
};

struct Walk {
    std::vector<WalkedFile> files;    ///< by path, as the others
    std::vector<LeftOut> skipped;     ///< on purpose
    std::vector<LeftOut> unreadable;  ///< folders, and files by their name
};

Walk walk(const SourceTree& tree, const Settings& settings);

/// Of Settings::exclude: a path, a folder's path for all that is in it, or either with `*` for any
/// characters and `?` for one. Without a "/" it is a name, wherever it stands.
bool is_excluded(std::string_view path, const std::vector<std::string>& patterns);

}  // namespace deployctl::readiness
