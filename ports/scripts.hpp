// SPDX-License-Identifier: Apache-2.0
// Scripts that a frozen plan runs: which programs are some, and whether one is still what it was.
// How a text becomes a hash is the caller's, since a port knows no library. Any thread.
#pragma once

#include "ports/files.hpp"

#include <string>
#include <string_view>

namespace deployctl {

/// A path, and no name of $PATH.
inline bool is_script(const std::string& program) {
    return program.find('/') != std::string::npos;
}

inline FileAnswer read_script(Files& files, const std::string& path) {
    constexpr std::size_t most_bytes = 64UL << 20U;
    return files.read(path, most_bytes);
}

struct FrozenScript {
    std::string path;
    std::string hash;  ///< empty: it was none
};

/// Why it is not run; empty where it is what it was when it was planned.
inline std::string trouble_with(
    const FrozenScript& frozen, Files& files, std::string (*hash_of)(std::string_view)
) {
    if (frozen.hash.empty()) {
        return "";
    }
    const auto script = read_script(files, frozen.path);
    if (script.kind != FileAnswer::Kind::read) {
        return frozen.path + " cannot be read: " + script.failure;
    }
    return hash_of(script.text) == frozen.hash
               ? ""
               : frozen.path + " is not what it was when the rollout was planned";
}

}  // namespace deployctl
