// SPDX-License-Identifier: Apache-2.0
#include "gates/comparison.hpp"

#include "analysis/proportion.hpp"
#include "analysis/wording.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::gates {

namespace {

/// A source that reads each pod once a minute has read all of them by then.
constexpr Duration longest_apart = minutes(2);

std::vector<analysis::Counts> counts_in(const Gains& by_pod) {
    std::vector<analysis::Counts> counts;
    counts.reserve(by_pod.size());
    for (const auto& [pod, one] : by_pod) {
        counts.push_back(one);
    }
    return counts;
}

analysis::Counts sum_of(const Gains& gains) {
    analysis::Counts sum;
    for (const auto& [pod, gain] : gains) {
        sum += gain;
    }
    return sum;
}

bool has_requests(const Gains& gains) {
    return std::ranges::any_of(gains, [](const auto& gain) { return gain.second.requests > 0; });
}

void collect(Gains& into, const Gains& gains, const std::vector<std::string>& pods) {
    for (const auto& pod : pods) {
        if (const auto gain = gains.find(pod); gain != gains.end()) {
            into[pod] += gain->second;
        }
    }
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

analysis::Counts Comparison::add(SideSoFar& side, const Gains& gains) {
    for (const auto& [pod, gain] : gains) {
        side.totals[pod] += gain;
    }
    analysis::take(side.clumps, counts_in(gains));
    return sum_of(gains);
}

void Comparison::take(const Subjects& subjects, const Gains& gains) {
    last_ = {};
    collect(pending_.canary, gains, subjects.candidate);
    collect(pending_.stable, gains, subjects.stable);
    if (!pending_.since && (has_requests(pending_.canary) || has_requests(pending_.stable))) {
        pending_.since = subjects.at;
    }
    if (!is_time(subjects)) {
        return;
    }
    const auto taken = std::exchange(pending_, {});
    analysis::Look look;
    look.canary = add(canary_, taken.canary);
    look.baseline = add(stable_, taken.stable);
    const auto apart =
        analysis::dispersion_of(counts_in(canary_.totals), counts_in(stable_.totals)).widening;
    const double widening =
        std::max({apart, widening_of(canary_.clumps), widening_of(stable_.clumps)});
    compare(look, widening);
}

/// One version alone is looked at where the other is not there, or has had no traffic for long.
bool Comparison::is_time(const Subjects& subjects) const {
    if (!pending_.since) {
        return false;
    }
    const bool is_alone = subjects.stable.empty() || subjects.candidate.empty();
    return is_alone || subjects.at - *pending_.since >= longest_apart ||
           (has_requests(pending_.canary) && has_requests(pending_.stable));
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
    auto judged = analysis::judge_hold(test_, settings_);
    const auto before = bounds_of(test_.baseline, alpha_ / 2, test_.widening);
    const bool is_enough = test_.canary.requests >= settings_.min_samples;
    if (frozen_ && judged.answer == Answer::inconclusive && is_enough &&
        rate.high <= settings_.max_ratio * before.low) {
        const auto finding = "alone, surely at most " + analysis::percent(rate.high) +
                             ", and stable was before surely at least " +
                             analysis::percent(before.low);
        return {Answer::pass, finding, finding};
    }
    return judged;
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
