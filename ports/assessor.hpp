// SPDX-License-Identifier: Apache-2.0
// Assesses the readiness of what lies in a folder, as `deployctl assess` does. Never throws: what
// could not be assessed at all is an answer. Engine's thread.
#pragma once

#include "ports/task.hpp"

#include <string>

namespace deployctl {

struct AssessorQuestion {
    std::string folder;
    std::string environment;
};

struct AssessorAnswer {
    std::string report;   ///< docs/formats/readiness-report.md
    std::string failure;  ///< in words, where there is none
};

class Assessor {
public:
    virtual ~Assessor() = default;
    virtual Task<AssessorAnswer> assess(AssessorQuestion question) = 0;
};

}  // namespace deployctl
