// SPDX-License-Identifier: Apache-2.0
#include "tests/support/golden.hpp"

#include "tests/support/source_dir.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace deployctl::tests {

GoldenAnswer compare_with_golden(const std::string& path, const std::string& text) {
    const auto whole = (source_dir() / path).string();
    if (std::getenv("DEPLOYCTL_ACCEPT") != nullptr) {
        std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
        std::ofstream(whole, std::ios::trunc) << text;
        return {
            false,
            text,
            "accepted " + path + ": look at the difference, then run again without DEPLOYCTL_ACCEPT"
        };
    }
    std::ifstream file(whole);
    std::stringstream content;
    content << file.rdbuf();
    return {
        content.str() == text,
        content.str(),
        file ? "" : path + " is not there: DEPLOYCTL_ACCEPT=1 writes it"
    };
}

}  // namespace deployctl::tests
