// SPDX-License-Identifier: Apache-2.0
// One number of a metrics source against limits, or against the same number of stable's pods. No
// data, NaN, many series and a failed query are errors, never a pass. While stable does not serve
// beside, its other limits count. The judging is pure.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

/// By which series of pods are told apart.
inline constexpr auto pod_label = "pod";
/// One series of a pod among its others: a name for it that begins with the pod's.
std::string key_of(const std::string& pod, const std::map<std::string, std::string>& labels);
std::string pod_in(const std::string& key);
/// A regular expression of Prometheus for exactly these pods; one that matches nothing for none.
std::string pattern_of(const std::vector<std::string>& pods);
/// Whose pods a query is about, as `${track}` calls them.
enum class Track { canary, stable };
/// The query about these pods: `${pods}` and `${track}` besides `names`.
std::string query_about(
    const std::string& query, Placeholders names, const std::vector<std::string>& pods, Track track
);

/// What was asked, and what came back; `stable` only where it is compared with.
struct MetricSample {
    std::string query;
    MetricAnswer answer;
    std::optional<MetricAnswer> stable = std::nullopt;
};

Verdict judge(const MetricQuestion& question, const MetricSample& sample);
/// Anew, by the evidence that was stored; nothing where that is not enough.
std::optional<Verdict> judge_stored(const MetricQuestion& question, const Value& evidence);

class MetricGate final : public Gate {
public:
    MetricGate(const Sources& sources, MetricQuestion question)
        : metrics_(sources.outside.metrics),
          source_(sources.metrics_source),
          question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Metrics& metrics_;
    MetricsSource source_;
    MetricQuestion question_;
};

}  // namespace deployctl::gates
