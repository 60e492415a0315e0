// SPDX-License-Identifier: Apache-2.0
// Asks pods over HTTP and counts: one sample of an http gate, and of the version probe. The judging
// is pure. Engine's thread; takes `longest_gate_sample` at most. A pod that does not answer is a
// failed request, no pods at all is inconclusive, and where what was lost on the way would decide,
// it is an error.
#pragma once

#include "model/settings.hpp"
#include "model/verdict.hpp"
#include "ports/cluster.hpp"
#include "ports/task.hpp"

#include <string>
#include <vector>

namespace deployctl::gates {

/// `gate.requests` requests, spread over the pods in turn, at least one a pod; fewer where there is
/// no time for more.
Task<Verdict> sample(Cluster& cluster, HttpGate gate, std::vector<std::string> pods);
Verdict judge(const HttpGate& gate, const std::vector<PodAnswer>& answers);

/// Every pod is asked once which version it is, as far as there is time.
Task<Verdict> sample(
    Cluster& cluster, VersionProbe probe, std::string version, std::vector<std::string> pods
);
Verdict judge(
    const VersionProbe& probe, const std::string& version, const std::vector<PodAnswer>& answers
);

}  // namespace deployctl::gates
