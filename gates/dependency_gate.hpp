// SPDX-License-Identifier: Apache-2.0
// Whether another app has the version that this one needs, by the journal (standing.hpp): the one
// that was promoted there last, and that of a rollout that is under way, which may replace it. A
// tag that is no semantic version cannot be compared with `min_version`: an error.
#pragma once

#include "gates/gate.hpp"
#include "gates/standing.hpp"

namespace deployctl::gates {

/// Of a question whose names are filled in, and all rollouts there. Pure.
Verdict judge(
    const DependencyQuestion& question, const std::vector<RolloutRecord>& rollouts, WallTime now
);

class DependencyGate final : public Gate {
public:
    DependencyGate(const Sources& sources, DependencyQuestion question)
        : store_(sources.store), clock_(sources.clock), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Store& store_;
    Clock& clock_;
    DependencyQuestion question_;
};

}  // namespace deployctl::gates
