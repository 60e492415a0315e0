// SPDX-License-Identifier: Apache-2.0
// One event that can be counted among the requests of both versions, side by side over the whole
// rollout: the sequential test of analysis/rate_test.hpp, and where stable gets no traffic any more
// (weight 100, after a switch), what it had before as a frozen baseline; half of alpha is each
// test's. Sources read the pods one after another: what came of one version only is kept until the
// other has some too, so that both are compared over the same time; and what stable had just before
// a switch is held against the first that comes after it. With nothing to compare with,
// the rate that passes by itself is also the one above which it fails. Remembers a few numbers a
// pod. One owner; nothing fails.
#pragma once

#include "analysis/dispersion.hpp"
#include "analysis/frozen_baseline.hpp"
#include "analysis/rate_test.hpp"
#include "gates/gate.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::gates {

/// What each pod gained since the look before.
using Gains = std::map<std::string, analysis::Counts>;

class Comparison {
public:
    /// `settings.alpha` is that of both tests together.
    explicit Comparison(const analysis::RateSettings& settings);

    void take(const Subjects& subjects, const Gains& gains);
    /// What an earlier runner's look was, by its evidence.
    void recall(const Value& look);

    analysis::Judgement judgement() const;
    /// The last look, and what it has proven so far.
    Value evidence() const;

    /// As good as `max_ratio` asks for, so surely that no more requests are needed.
    bool is_surely_good() const { return promotes_early(test_, settings_); }

    /// Of the canary, in the last look.
    double last_requests() const { return last_.canary.requests; }

    /// All that was counted.
    const analysis::Counts& canary() const { return test_.canary; }

    const analysis::Counts& stable() const { return test_.baseline; }

    /// How sure it is that the canary is worse.
    double log_evidence() const { return test_.most_worse; }

private:
    /// One version's side of the comparison.
    struct SideSoFar {
        Gains totals;  ///< by pod
        analysis::Clumps clumps;
    };

    /// What no look has taken yet.
    struct Pending {
        Gains canary;
        Gains stable;
        std::optional<BootTime> since;  ///< none: nothing has come
    };

    static analysis::Counts add(SideSoFar& side, const Gains& gains);
    bool is_time(const Subjects& subjects) const;
    void compare(const analysis::Look& look, double widening);

    double alpha_;
    analysis::RateSettings settings_;
    SideSoFar canary_;
    SideSoFar stable_;
    Pending pending_;
    analysis::Look last_;  ///< nothing where the last one has taken nothing
    analysis::RateTest test_;
    std::optional<analysis::FrozenTest> frozen_;
};

}  // namespace deployctl::gates
