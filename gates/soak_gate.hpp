// SPDX-License-Identifier: Apache-2.0
// Whether the version that is rolled out was promoted in another environment of the same app, and
// has had it to itself for long enough, by the journal (standing.hpp). Images are compared by
// digest where both are known. Too young, replaced, rolled back or never promoted there: it fails.
// Where the journal cannot tell it is an error, and says how to bring it there.
#pragma once

#include "gates/gate.hpp"
#include "gates/standing.hpp"

namespace deployctl::gates {

/// Of all rollouts in that environment. Pure.
Verdict judge(
    const SoakQuestion& question,
    const std::vector<RolloutRecord>& rollouts,
    const WantedVersion& wanted,
    WallTime now
);

class SoakGate final : public Gate {
public:
    SoakGate(const Sources& sources, SoakQuestion question)
        : store_(sources.store), clock_(sources.clock), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Store& store_;
    Clock& clock_;
    SoakQuestion question_;
};

}  // namespace deployctl::gates
