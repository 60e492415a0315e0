// SPDX-License-Identifier: Apache-2.0
// A gate asks one question about a rollout and answers with a verdict and its evidence; how often,
// and what follows, is the policy's (policy.hpp). One object a gate and run, since some remember
// what they have counted. Engine's thread; one sample takes `longest_sample` of its question at
// most, whatever is asked.
#pragma once

#include "model/gates.hpp"
#include "model/metrics.hpp"
#include "model/placeholders.hpp"
#include "model/verdict.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"
#include "ports/outside.hpp"
#include "ports/store.hpp"
#include "ports/task.hpp"

#include <memory>
#include <string>
#include <vector>

namespace deployctl::gates {

/// Whom and what it is asked about, as of one look.
struct Subjects {
    std::vector<std::string> candidate;  ///< names of the ready pods of the next version
    std::vector<std::string> stable;     ///< and of the previous one, beside them
    /// The others of the previous version, where `stable` are as young as the candidate: by these
    /// it is known what is usual.
    std::vector<std::string> settled = {};
    Placeholders names;   ///< app, env, namespace, version, previous_version, image
    Value workload = {};  ///< its manifest with the new pod template; holds secrets
    int extra_pods = 0;   ///< that the rollout adds at its peak
    BootTime at;
    BootTime since = {};     ///< the step began: nothing before is asked about
    std::string stage = {};  ///< of the plan: "25%"
};

class Gate {
public:
    virtual ~Gate() = default;
    virtual Task<Verdict> sample(Subjects subjects) = 0;

    /// What it answers rests on all that it was told before.
    virtual bool remembers() const { return false; }

    /// What an earlier runner of the same rollout was told, oldest first, before the first sample.
    virtual void recall(const Value& /*evidence*/) {}
};

/// Whom gates ask; outlives them.
struct Sources {
    Cluster& cluster;
    Store& store;
    Clock& clock;
    Outside outside;
    MetricsSource metrics_source = {};
};

/// It could not be asked, or nobody can read what came back: never a pass, never a fail.
Verdict no_answer(std::string measured, std::string why);

std::unique_ptr<Gate> make_gate(const GateQuestion& question, const Sources& sources);

}  // namespace deployctl::gates
