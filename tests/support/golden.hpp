// SPDX-License-Identifier: Apache-2.0
// Texts that are compared with a file in tests/golden/. DEPLOYCTL_ACCEPT=1 writes the file and
// fails the test, so that nobody accepts by accident.
#pragma once

#include <string>

namespace deployctl::tests {

struct GoldenAnswer {
    bool is_same = false;
    std::string expected;  ///< what the file says
    std::string note;      ///< why it is not the same, where that is no difference
};

/// `path` from the root of the repository: "tests/golden/cli/plan.txt".
GoldenAnswer compare_with_golden(const std::string& path, const std::string& text);

}  // namespace deployctl::tests
