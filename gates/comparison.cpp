// SPDX-License-Identifier: Apache-2.0
#include "gates/comparison.hpp"

#include "analysis/proportion.hpp"
#include "analysis/wording.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

std::vector<analysis::Counts> counts_in(const Gains& by_pod) {
    std::vector<analysis::Counts> counts;
    counts.reserve(by_pod.size());
    for (const auto& [pod, one] : by_pod) {
        counts.push_back(one);
    }
    return counts;
}

Value counts_value(const analysis::Counts& counts) {
    return Value::map({{"requests", counts.requests}, {"events", counts.events}});
}

analysis::Counts read_counts(const Value& value) {
    return {value.real("/requests"), value.real("/events")};
}

analysis::RateSettings with_half_of_alpha(analysis::RateSettings settings) {
    settings.alpha /= 2;
    return settings;
}

}  // namespace

Comparison::Comparison(const analysis::RateSettings& settings)
    : alpha_(settings.alpha),
      settings_(with_half_of_alpha(settings)),
      test_(analysis::make_rate_test(settings_)) {}

analysis::Counts Comparison::add(
    SideSoFar& side, const Gains& gains, const std::vector<std::string>& pods
) {
    analysis::Counts sum;
    std::vector<analysis::Counts> apart;
    for (const auto& pod : pods) {
        const auto gain = gains.find(pod);
        if (gain == gains.end()) {
            continue;
        }
        sum += gain->second;
        side.totals[pod] += gain->second;
        apart.push_back(gain->second);
    }
    analysis::take(side.clumps, apart);
    return sum;
}

void Comparison::take(const Subjects& subjects, const Gains& gains) {
    analysis::Look look;
    look.canary = add(canary_, gains, subjects.candidate);
    look.baseline = add(stable_, gains, subjects.stable);
    const auto apart =
        analysis::dispersion_of(counts_in(canary_.totals), counts_in(stable_.totals)).widening;
    const double widening =
        std::max({apart, widening_of(canary_.clumps), widening_of(stable_.clumps)});
    compare(look, widening);
}

/// The counters begin anew with the next reading: what came while nobody looked is left out.
void Comparison::recall(const Value& look) {
    compare(
        {read_counts(look.at("/canary")), read_counts(look.at("/stable"))},
        std::max(1.0, look.real("/widening", 1))
    );
}

void Comparison::compare(const analysis::Look& look, double widening) {
    const bool is_alone = look.baseline.requests == 0 && look.canary.requests > 0;
    if (is_alone && !frozen_) {
        frozen_ = analysis::make_frozen_test(test_.baseline, alpha_ / 2);
    }
    if (is_alone && frozen_) {
        analysis::take(*frozen_, look.canary, widening);
    }
    analysis::take(test_, look, widening);
    last_ = look;
}

analysis::Judgement Comparison::judgement() const {
    if (frozen_ && aborts(*frozen_)) {
        const auto finding = "alone, canary " + analysis::told(frozen_->canary) +
                             ": worse than stable was before, which was surely at most " +
                             analysis::percent(frozen_->assumed_rate);
        return {Answer::fail, finding, finding};
    }
    const bool can_compare = test_.baseline.requests > 0;
    const auto rate = bounds_of(test_.canary, alpha_ / 2, test_.widening);
    if (!can_compare && settings_.max > 0 && rate.low > settings_.max) {
        const auto finding = "with nothing to compare with, surely at least " +
                             analysis::percent(rate.low) + " of the canary's";
        return {Answer::fail, finding, finding};
    }
    return analysis::judge_hold(test_, settings_);
}

Value Comparison::evidence() const {
    return Value::map({
        {"canary", counts_value(last_.canary)},
        {"stable", counts_value(last_.baseline)},
        {"widening", test_.widening},
        {"log_evidence", test_.most_worse},
    });
}

}  // namespace deployctl::gates
