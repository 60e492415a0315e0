// SPDX-License-Identifier: Apache-2.0
#include "readiness/waivers.hpp"

#include "model/text.hpp"

#include <optional>

namespace deployctl::readiness {

namespace {

using Day = std::chrono::sys_days;

/// "2026-12-31", and nothing else.
std::optional<Day> read_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = whole_number<int>(text.substr(0, 4));
    const auto month = whole_number<unsigned>(text.substr(5, 2));
    const auto day = whole_number<unsigned>(text.substr(8, 2));
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year(*year), std::chrono::month(*month), std::chrono::day(*day)
    };
    return date.ok() ? std::optional<Day>(date) : std::nullopt;
}

std::string named(const Waiver& waiver) {
    return "waiver of " + waiver.rule + (waiver.object.empty() ? "" : " for " + waiver.object);
}

bool names_rule(const RulePack& pack, std::string_view id) {
    return pack.find(id) != nullptr;
}

/// How many open failures it takes over.
int waive(Assessment& assessment, const Waiver& waiver) {
    int waived = 0;
    for (auto& result : assessment.results) {
        for (auto& finding : result.findings) {
            const bool is_meant =
                (finding.outcome == Outcome::fail ||
                 (finding.outcome == Outcome::waived && finding.waiver != nullptr)) &&
                covers(waiver, result.rule->id, finding.object());
            if (is_meant) {
                finding.outcome = Outcome::waived;
                finding.waiver = finding.waiver == nullptr ? &waiver : finding.waiver;
                ++waived;
            }
        }
    }
    return waived;
}

}  // namespace

WaiverState state_of(const Waiver& waiver, WallTime now) {
    if (waiver.reason.empty() || waiver.owner.empty()) {
        return WaiverState::nameless;
    }
    const auto until = read_day(waiver.expires);
    const auto today = std::chrono::floor<std::chrono::days>(now);
    if (!until) {
        return WaiverState::no_date;
    }
    if (*until < today) {
        return WaiverState::expired;
    }
    return *until - today > std::chrono::days(most_waiver_days) ? WaiverState::too_long
                                                                : WaiverState::good;
}

std::string why_not(const Waiver& waiver, WallTime now) {
    switch (state_of(waiver, now)) {
        case WaiverState::good: return "";
        case WaiverState::expired: return "expired on " + waiver.expires;
        case WaiverState::no_date:
            return "`" + waiver.expires + "` is no date such as 2026-12-31: it counts as expired";
        case WaiverState::too_long:
            return waiver.expires + " is more than " + std::to_string(most_waiver_days) +
                   " days ahead: it does not hold";
        case WaiverState::nameless: return "it has no reason, or no owner: it does not hold";
    }
    return "";
}

bool covers(const Waiver& waiver, std::string_view rule, std::string_view object) {
    if (waiver.rule != rule) {
        return false;
    }
    const std::string_view prefix = waiver.object;
    const bool is_below = object.starts_with(prefix) &&
                          (prefix.ends_with('/') || object.substr(prefix.size()).starts_with('/'));
    return prefix.empty() || object == prefix || is_below;
}

void apply_waivers(Assessment& assessment, WallTime now) {
    for (const auto& waiver : assessment.facts->settings().waivers) {
        if (const auto why = why_not(waiver, now); !why.empty()) {
            assessment.warnings.push_back(named(waiver) + ": " + why);
        } else if (!names_rule(*assessment.pack, waiver.rule)) {
            assessment.warnings.push_back(named(waiver) + ": there is no such rule");
        } else if (waive(assessment, waiver) == 0) {
            assessment.warnings.push_back(
                named(waiver) + ": nothing fails that it is for; take it out"
            );
        }
    }
}

}  // namespace deployctl::readiness
