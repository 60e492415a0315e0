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

/// The canary has had traffic, and stable none.
bool is_of_canary_alone(const analysis::Look& look) {
    return look.baseline.requests == 0 && look.canary.requests > 0;
}

Value counts_value(const analysis::Counts& counts) {
    return Value::map({{"requests", counts.requests}, {"events", counts.events}});
}

analysis::Counts read_counts(const Value& value) {
    return {value.real("/requests"), value.real("/events")};
}

/// Nobody asks for its bounds: a small one.
analysis::RateTest test_of_a_wait(const analysis::RateSettings& settings) {
    auto test = analysis::make_rate_test(settings);
    test.range = analysis::make_curve({1});
    return test;
}

analysis::RateSettings with_half_of_alpha(analysis::RateSettings settings) {
    settings.alpha /= 2;
    return settings;
}

}  // namespace

Comparison::Comparison(const analysis::RateSettings& settings)
    : alpha_(settings.alpha),
      settings_(with_half_of_alpha(settings)),
      test_(analysis::make_rate_test(settings_)),
      in_wait_(test_of_a_wait(settings_)) {}

analysis::Counts Comparison::add(SideSoFar& side, const Gains& gains) {
    for (const auto& [pod, gain] : gains) {
        side.totals[pod] += gain;
    }
    analysis::take(side.clumps, counts_in(gains));
    return sum_of(gains);
}

void Comparison::take(const Subjects& subjects, const Gains& gains) {
    looks_.last = {};
    collect(pending_.canary, gains, subjects.candidate);
    collect(pending_.stable, gains, subjects.stable);
    if (std::exchange(looks_.is_first_of_stage, false)) {
        looks_.before_stage = sum_of(pending_.canary).requests;
    }
    if (!pending_.since && (has_requests(pending_.canary) || has_requests(pending_.stable))) {
        pending_.since = subjects.at;
    }
    if (!is_time(subjects)) {
        return;
    }
    const auto taken = std::exchange(pending_, {});
    analysis::Look look;
    look.canary = add(spread_.canary, taken.canary);
    // How stable's pods differed while it was alone, in an incident of before, says nothing here.
    look.baseline =
        look.canary.requests > 0 ? add(spread_.stable, taken.stable) : sum_of(taken.stable);
    const auto apart =
        analysis::dispersion_of(counts_in(spread_.canary.totals), counts_in(spread_.stable.totals))
            .widening;
    const double widening = std::max(
        {spread_.recalled,
         apart,
         widening_of(spread_.canary.clumps),
         widening_of(spread_.stable.clumps)}
    );
    compare({look, is_of_canary_alone(look) || subjects.stable.empty()}, widening);
    looks_.in_stage += look.canary.requests - std::exchange(looks_.before_stage, 0);
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

/// The counters begin anew with the next reading: what came while nobody looked is left out. Which
/// pods differ is not known any more, that they do is.
void Comparison::recall(const Value& look) {
    const analysis::Look told{read_counts(look.at("/canary")), read_counts(look.at("/stable"))};
    spread_.recalled = std::max(spread_.recalled, look.real("/widening", 1));
    const bool is_alone = look.has("/alone") ? look.flag("/alone") : is_of_canary_alone(told);
    compare({told, is_alone}, spread_.recalled);
    looks_.in_stage = look.real("/in_stage", 1);
}

void Comparison::compare(const Looked& looked, double widening) {
    const auto& [look, is_alone] = looked;
    const bool is_beside = look.baseline.requests > 0 && look.canary.requests > 0;
    if (is_beside) {
        looks_.compared.canary += look.canary;
        looks_.compared.baseline += look.baseline;
        frozen_.reset();  // stable was idle for a while, and has more to say
    }
    if (is_alone && !frozen_) {
        frozen_ = analysis::make_frozen_test(stable(), alpha_ / 2);
    }
    if (is_alone && frozen_) {
        analysis::take(*frozen_, look.canary, widening);
    }
    analysis::take(test_, look, widening);
    analysis::take(in_wait_, look, widening);
    looks_.last = looked;
}

void Comparison::begin_wait() {
    in_wait_ = test_of_a_wait(settings_);
}

void Comparison::begin_stage() {
    looks_.in_stage = 0;
    looks_.is_first_of_stage = true;
}

const analysis::Counts& Comparison::stable() const {
    return looks_.compared.canary.requests > 0 ? looks_.compared.baseline : test_.baseline;
}

bool Comparison::knows_stable() const {
    return test_.baseline.requests > 0 || has_requests(pending_.stable);
}

bool Comparison::is_surely_good() const {
    const auto rate = bounds_of(in_wait_.canary, settings_.beta, in_wait_.widening);
    const bool is_rare =
        in_wait_.canary.requests >= settings_.min_samples && rate.high <= settings_.max;
    return (is_rare || promotes_early(in_wait_, settings_)) && judgement().answer == Answer::pass;
}

analysis::Judgement Comparison::judgement() const {
    auto judged = judge_so_far();
    if (judged.answer == Answer::pass && looks_.in_stage == 0) {
        const std::string why = "the new version has had no request since this stage began";
        return {Answer::inconclusive, why, why};
    }
    return judged;
}

analysis::Judgement Comparison::judge_so_far() const {
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
    const auto beside = analysis::judge_hold(test_, settings_);
    const bool has_enough = frozen_ && frozen_->canary.requests >= settings_.min_samples;
    return has_enough && beside.answer != Answer::fail ? judge_alone(beside) : beside;
}

/// What was proven side by side stands after a switch, unless what came since then lies above both
/// limits; and what was not can be proven by what came since.
analysis::Judgement Comparison::judge_alone(const analysis::Judgement& beside) const {
    const auto& alone = frozen_->canary;
    const auto rate = bounds_of(alone, alpha_ / 2, test_.widening);
    const auto before = bounds_of(stable(), alpha_ / 2, test_.widening);
    const auto finding = "alone, canary " + analysis::told(alone) + ", surely at most " +
                         analysis::percent(rate.high) + ", and stable was before surely at least " +
                         analysis::percent(before.low);
    if (rate.high <= std::max(settings_.max, settings_.max_ratio * before.low)) {
        return {Answer::pass, finding, finding};
    }
    const double allowed =
        std::max(settings_.max, settings_.max_ratio * analysis::rate_of(stable()));
    if (beside.answer == Answer::pass && analysis::rate_of(alone) > allowed) {
        return {Answer::inconclusive, finding, finding};
    }
    return beside;
}

Value Comparison::evidence() const {
    return Value::map({
        {"canary", counts_value(looks_.last.counts.canary)},
        {"stable", counts_value(looks_.last.counts.baseline)},
        {"alone", looks_.last.is_alone},
        {"widening", test_.widening},
        {"log_evidence", test_.most_worse},
        {"in_stage", looks_.in_stage},
    });
}

}  // namespace deployctl::gates
