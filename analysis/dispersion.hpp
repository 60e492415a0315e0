// SPDX-License-Identifier: Apache-2.0
// Do the pods of one version differ more than chance lets them? Sticky clients, retries, one bad
// node: pods then have rates of their own (beta-binomial counts) or events come in clumps, and the
// same numbers are weaker evidence, which is divided by a `widening`. Two signs tell, and the
// larger one counts: totals of pods that lie apart (Pearson's statistic; McCullagh & Nelder
// 1989, 4.5), and events of one look that share a pod more often than they would by chance (its
// moment estimate, from pairs). Both within one version, so a version that is worse is no
// dispersion. Pure; any thread.
#pragma once

#include "analysis/counts.hpp"

#include <span>

namespace deployctl::analysis {

struct Dispersion {
    double factor = 1;    ///< Pearson's statistic a degree of freedom; 1 for independent events
    double degrees = 0;   ///< pods with requests, less one for each version that had events
    double widening = 1;  ///< what take() divides by: a cautious factor where it is seen, else 1
};

/// `canary` and `baseline`: the totals so far, one for each pod.
Dispersion dispersion_of(std::span<const Counts> canary, std::span<const Counts> baseline);

/// Events of a look that share a pod, summed over looks. A value.
struct Clumps {
    double excess = 0;    ///< pairs in one pod beyond those expected
    double scale = 0;     ///< what the excess would be for a factor of 2
    double variance = 0;  ///< of the excess, if events are independent
};

/// Adds a look: the counts of all pods of one version. A pod by itself says nothing.
void take(Clumps& clumps, std::span<const Counts> pods);
/// A cautious factor where clumps are seen, else 1.
double widening_of(const Clumps& clumps);

}  // namespace deployctl::analysis
