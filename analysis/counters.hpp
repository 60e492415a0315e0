// SPDX-License-Identifier: Apache-2.0
// From raw counters of pods to what was counted since the look before: disjoint differences, which
// can feed a test, where rate() over overlapping windows cannot. A counter that fell has begun
// anew, and counts whole. A pod that is seen first gives only its start; one that is missing adds
// nothing and keeps its last reading until it is back. A value; one owner.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace deployctl::analysis {

/// By pod.
using Readings = std::map<std::string, double>;

struct Increases {
    Readings by_pod;                   ///< of pods that were read before and now
    std::vector<std::string> started;  ///< read for the first time
    std::vector<std::string> reset;
    std::vector<std::string> missing;  ///< read before, not now
    std::vector<std::string> unsound;  ///< NaN, infinite or negative: as if missing, and said
    double total() const;
};

class CounterBook {
public:
    /// Takes the readings of a look.
    Increases take(const Readings& readings);

    /// Pods that are gone for good.
    void forget(const std::string& pod) { last_.erase(pod); }

    const Readings& last() const { return last_; }

    /// Goes on from what `last` gave before a restart.
    static CounterBook resumed(Readings last);

private:
    Readings last_;
};

/// What a counter gained from one reading to the next.
double increase(double before, double now);
bool is_sound_reading(double reading);

}  // namespace deployctl::analysis
