// SPDX-License-Identifier: Apache-2.0
// An assessment of an app that another program has written (docs/formats/readiness-report.md): a
// score with its interval, what share of the files could be read for it, and findings. One that
// cannot be understood as a whole has `trouble`. Pure; any thread.
#pragma once

#include "model/record_questions.hpp"
#include "model/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::gates {

struct ReadinessFinding {
    std::string rule;  ///< "DR-04"
    FindingSeverity severity{};
    std::string text;
    bool blocks = false;  ///< it fails at any score, by the word of the report
};

struct ReadinessReport {
    WallTime assessed_at;
    double low = 0;  ///< the ends of the score's interval, of 100
    double high = 0;
    double coverage = 0;                     ///< a share
    std::vector<ReadinessFinding> findings;  ///< that are not waived, the worst first
    Value document;                          ///< for what it says it is about
    std::string trouble = {};                ///< why it cannot be judged
};

ReadinessReport read_readiness_report(std::string_view text);

}  // namespace deployctl::gates
