// SPDX-License-Identifier: Apache-2.0
// Files of the repository in the configuration's tests: sources to read, and expected texts.
#pragma once

#include "tests/support/golden.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>
#include <string>

namespace deployctl {

inline std::string read_source_file(const std::string& path) {
    std::ifstream file(tests::source_dir() / path, std::ios::binary);
    REQUIRE(file);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// `path` below tests/golden/.
inline void check_golden(const std::string& path, const std::string& actual) {
    const auto answer = tests::compare_with_golden("tests/golden/" + path, actual);
    CAPTURE(path, answer.note);
    CHECK(actual == answer.expected);
    CHECK(answer.is_same);
}

}  // namespace deployctl
