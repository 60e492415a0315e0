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
    /// What an earlier runner's look was, by its evidence. In which stage that was is not known:
    /// the one at hand begins anew for whoever goes on.
    void recall(const Value& look);

    /// Passes only where the canary has had requests since the stage began.
    analysis::Judgement judgement() const;
    /// The last look, and what it has proven so far.
    Value evidence() const;

    /// From now on `is_surely_good` goes by what comes.
    void begin_wait();

    /// What was counted before says nothing of this stage, nor does its first look, which may tell
    /// of the time before.
    void begin_stage();

    /// By this wait alone as good as `max_ratio` or `max` asks for, so surely that no more requests
    /// are needed, and nothing of before says otherwise.
    bool is_surely_good() const;

    /// Something has come of it, whether a look has taken it or not.
    bool knows_stable() const;

    /// What was counted side by side.
    const analysis::Look& compared() const { return looks_.compared; }

    /// All that was counted.
    const analysis::Counts& canary() const { return test_.canary; }

    /// Beside the canary; where it never served beside, all that is known of it.
    const analysis::Counts& stable() const;

    /// How sure it is that the canary is worse.
    double log_evidence() const { return test_.most_worse; }

private:
    /// One version's side of the comparison.
    struct SideSoFar {
        Gains totals;  ///< by pod
        analysis::Clumps clumps;
    };

    /// How much pods differ.
    struct Spread {
        SideSoFar canary;
        SideSoFar stable;
        double recalled = 1;  ///< what an earlier runner had seen of it
    };

    struct Looked {
        analysis::Look counts;  ///< nothing where it has taken nothing
        bool is_alone = false;  ///< stable did not serve
    };

    struct Looks {
        Looked last;
        analysis::Look compared;  ///< the sum of those in which both had requests
        double in_stage = 0;      ///< requests of the canary
        double before_stage = 0;  ///< of what no look has taken yet: the same, from before it began
        bool is_first_of_stage = true;
    };

    /// What no look has taken yet.
    struct Pending {
        Gains canary;
        Gains stable;
        std::optional<BootTime> since;  ///< none: nothing has come
    };

    static analysis::Counts add(SideSoFar& side, const Gains& gains);
    bool is_time(const Subjects& subjects) const;
    void compare(const Looked& looked, double widening);
    analysis::Judgement judge_so_far() const;
    analysis::Judgement judge_alone(const analysis::Judgement& beside) const;

    double alpha_;
    analysis::RateSettings settings_;
    Spread spread_;
    Pending pending_;
    Looks looks_;
    analysis::RateTest test_;
    analysis::RateTest in_wait_;
    std::optional<analysis::FrozenTest> frozen_;
};

}  // namespace deployctl::gates
