// SPDX-License-Identifier: Apache-2.0
// Asks pods over HTTP and counts: one sample of an http gate, and of the version probe. The judging
// is pure. Engine's thread; takes `longest_gate_sample` at most. A pod that does not answer is a
// failed request, no pods at all is inconclusive, and where what was lost on the way would decide,
// it is an error.
#pragma once

#include "gates/gate.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::gates {

/// `question.requests` requests, spread over the pods in turn, at least one a pod; fewer where
/// there is no time for more.
Task<Verdict> sample(Cluster& cluster, HttpQuestion question, std::vector<std::string> pods);
Verdict judge(const HttpQuestion& question, const std::vector<PodAnswer>& answers);
/// Anew, by the evidence that was stored; nothing where that is not enough.
std::optional<Verdict> judge_stored(const HttpQuestion& question, const Value& evidence);

class HttpGate final : public Gate {
public:
    HttpGate(Cluster& cluster, HttpQuestion question)
        : cluster_(cluster), question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Cluster& cluster_;
    HttpQuestion question_;
};

/// Every pod is asked once which version it is, as far as there is time.
Task<Verdict> sample(
    Cluster& cluster, VersionProbe probe, std::string version, std::vector<std::string> pods
);
Verdict judge(
    const VersionProbe& probe, const std::string& version, const std::vector<PodAnswer>& answers
);

/// Anew, by the evidence that was stored: whether all have answered with it.
std::optional<Verdict> judge_stored_version(const std::string& version, const Value& evidence);

class VersionGate final : public Gate {
public:
    VersionGate(Cluster& cluster, VersionProbe probe, std::string version)
        : cluster_(cluster), probe_(std::move(probe)), version_(std::move(version)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Cluster& cluster_;
    VersionProbe probe_;
    std::string version_;
};

}  // namespace deployctl::gates
