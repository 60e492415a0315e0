// SPDX-License-Identifier: Apache-2.0
#include "model/record_questions.hpp"

#include "model/named.hpp"

#include <array>

namespace deployctl {

const char* to_text(FindingSeverity severity) {
    switch (severity) {
        case FindingSeverity::low: return "low";
        case FindingSeverity::medium: return "medium";
        case FindingSeverity::high: return "high";
        case FindingSeverity::critical: return "critical";
    }
    return "";
}

std::optional<FindingSeverity> read_finding_severity(std::string_view text) {
    using enum FindingSeverity;
    return read_name(text, std::array{low, medium, high, critical});
}

}  // namespace deployctl
