// SPDX-License-Identifier: Apache-2.0
// Expected texts in tests/golden/. DEPLOYCTL_ACCEPT=1 rewrites them and fails, so that somebody
// reads the difference.
#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace deployctl {

inline std::string read_source_file(const std::string& path) {
    std::ifstream file(std::string(DEPLOYCTL_SOURCE_DIR "/") + path, std::ios::binary);
    REQUIRE(file);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// `path` below tests/golden/.
inline void check_golden(const std::string& path, const std::string& actual) {
    const auto relative = "tests/golden/" + path;
    const auto whole = std::filesystem::path(DEPLOYCTL_SOURCE_DIR) / relative;
    if (std::getenv("DEPLOYCTL_ACCEPT") != nullptr) {
        const bool same = std::filesystem::exists(whole) && read_source_file(relative) == actual;
        std::filesystem::create_directories(whole.parent_path());
        std::ofstream(whole, std::ios::binary) << actual;
        INFO(relative << " is rewritten");
        CHECK(same);
        return;
    }
    CAPTURE(relative);
    CHECK(read_source_file(relative) == actual);
}

}  // namespace deployctl
