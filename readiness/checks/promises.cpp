// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/promises.hpp"

#include "readiness/checks/commands.hpp"

#include <re2/re2.h>
#include <string>

namespace deployctl::readiness {

namespace {

constexpr const char* a_duration =
    R"(\D{0,30}?(\d{1,6})\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)\b)";

/// Nothing where the line promises none.
std::optional<int> promised_minutes(std::string_view line, const RE2& promise) {
    int count = 0;
    std::string unit;
    const re2::StringPiece text(line.data(), line.size());
    if (!RE2::PartialMatch(text, promise, &count, &unit)) {
        return std::nullopt;
    }
    switch (unit.front()) {
        case 's':
        case 'S': return 0;
        case 'h':
        case 'H': return count * 60;
        case 'd':
        case 'D': return count * 24 * 60;
        default: return count;
    }
}

}  // namespace

std::optional<int> promised_rpo_minutes(std::string_view line) {
    static const RE2 rpo(std::string(R"((?i)\b(?:RPO|recovery point objective)\b)") + a_duration);
    return promised_minutes(line, rpo);
}

std::optional<std::chrono::minutes> promised_rto(const Facts& facts) {
    static const RE2 rto(std::string(R"((?i)\b(?:RTO|recovery time objective)\b)") + a_duration);
    const auto said = first_said(facts, rto);
    const auto promised =
        said.line == nullptr ? std::nullopt : promised_minutes(said.line->text, rto);
    return promised ? std::optional(std::chrono::minutes(*promised)) : std::nullopt;
}

}  // namespace deployctl::readiness
