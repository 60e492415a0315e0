// SPDX-License-Identifier: Apache-2.0
// When do gauges of the canary (memory of a pod, space of a volume) reach their limit, as they rise
// now? Each series by itself (analysis/exhaustion.hpp), and the worst decides. The judging is pure.
#pragma once

#include "gates/gate.hpp"

#include <optional>
#include <string>
#include <utility>

namespace deployctl::gates {

/// What was asked, and what came back.
struct ExhaustionSample {
    std::string query;
    MetricAnswer answer;
    MetricAnswer limits;  ///< of `limit_query`
};

Verdict judge(const ExhaustionQuestion& question, const ExhaustionSample& sample);
/// Anew, by the evidence that was stored; nothing where that is not enough.
std::optional<Verdict> judge_stored(const ExhaustionQuestion& question, const Value& evidence);

class ExhaustionGate final : public Gate {
public:
    ExhaustionGate(const Sources& sources, ExhaustionQuestion question)
        : metrics_(sources.outside.metrics),
          source_(sources.metrics_source),
          clock_(sources.clock),
          question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Metrics& metrics_;
    MetricsSource source_;
    Clock& clock_;
    ExhaustionQuestion question_;
};

}  // namespace deployctl::gates
