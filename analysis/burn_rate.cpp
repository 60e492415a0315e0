// SPDX-License-Identifier: Apache-2.0
#include "analysis/burn_rate.hpp"

#include "analysis/wording.hpp"

namespace deployctl::analysis {

namespace {

using std::chrono::hours;

bool makes_sense(
    const std::vector<WindowPair>& pairs, const std::vector<WindowCounts>& counts, double objective
) {
    if (pairs.empty() || pairs.size() != counts.size() || !(objective > 0 && objective < 1)) {
        return false;
    }
    for (const auto& windows : counts) {
        if (!is_sound(windows.in_long) || !is_sound(windows.in_short)) {
            return false;
        }
    }
    return true;
}

std::string burn_told(const WindowPair& pair, double in_long, double in_short) {
    return short_number(in_long) + "x over " + to_text(pair.long_window) + " and " +
           short_number(in_short) + "x over " + to_text(pair.short_window) + " (limit " +
           short_number(pair.factor) + "x)";
}

}  // namespace

std::vector<WindowPair> usual_windows() {
    return {{hours(1), minutes(5), 14.4}, {hours(6), minutes(30), 6}};
}

std::optional<double> burn_rate(const Counts& counts, double objective) {
    return counts.requests > 0 ? std::optional(rate_of(counts) / (1 - objective)) : std::nullopt;
}

BurnJudgement judge_burn(
    const std::vector<WindowPair>& pairs, const std::vector<WindowCounts>& counts, double objective
) {
    if (!makes_sense(pairs, counts, objective)) {
        return {Answer::error, "the counts or the objective make no sense"};
    }
    BurnJudgement passed{Answer::pass, ""};
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto in_long = burn_rate(counts[i].in_long, objective);
        const auto in_short = burn_rate(counts[i].in_short, objective);
        if (!in_long || !in_short) {
            passed.answer = Answer::inconclusive;
            passed.reason += "no requests over " + to_text(pairs[i].short_window) + "; ";
            continue;
        }
        const auto told_burn = burn_told(pairs[i], *in_long, *in_short);
        if (*in_long >= pairs[i].factor && *in_short >= pairs[i].factor) {
            return {Answer::fail, "the error budget burns " + told_burn};
        }
        passed.reason += told_burn + "; ";
    }
    passed.reason.resize(passed.reason.size() - 2);
    return passed;
}

}  // namespace deployctl::analysis
