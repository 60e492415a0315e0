// SPDX-License-Identifier: Apache-2.0
#include "analysis/wording.hpp"

#include <cmath>
#include <cstdio>

namespace deployctl::analysis {

namespace {

constexpr double most_odds_told = 1e6;

std::string whole(double count) {
    char text[32];
    std::snprintf(text, sizeof text, "%.0f", count);
    return text;
}

}  // namespace

std::string short_number(double number) {
    char text[32];
    const bool is_whole = std::abs(number) >= 1000 && std::abs(number) < 1e6;
    std::snprintf(text, sizeof text, is_whole ? "%.0f" : "%.3g", number);
    return text;
}

std::string percent(double share) {
    return short_number(share * 100) + "%";
}

std::string told(const Counts& counts) {
    return whole(counts.events) + " of " + whole(counts.requests) + " (" +
           percent(rate_of(counts)) + ")";
}

std::string odds(double log_evidence) {
    if (log_evidence > std::log(most_odds_told)) {
        return "over 1000000 to 1";
    }
    return short_number(std::exp(log_evidence)) + " to 1";
}

}  // namespace deployctl::analysis
