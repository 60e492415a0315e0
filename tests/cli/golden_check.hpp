// SPDX-License-Identifier: Apache-2.0
// CHECKs a text against tests/golden/cli/<name>.
#pragma once

#include "tests/support/golden.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace deployctl::tests {

inline void check_golden(const std::string& name, const std::string& text) {
    const auto answer = compare_with_golden("tests/golden/cli/" + name, text);
    INFO(answer.note);
    CHECK(text == answer.expected);
    CHECK(answer.is_same);
}

}  // namespace deployctl::tests
