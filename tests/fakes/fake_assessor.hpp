// SPDX-License-Identifier: Apache-2.0
// An assessor that answers what a test has put into its hand. One thread.
#pragma once

#include "ports/assessor.hpp"

#include <vector>

namespace deployctl::tests {

struct FakeAssessor final : Assessor {
    AssessorAnswer answer{"", "nobody was told what to find"};
    std::vector<AssessorQuestion> asked;

    Task<AssessorAnswer> assess(AssessorQuestion question) override {
        asked.push_back(question);
        co_return answer;
    }
};

}  // namespace deployctl::tests
