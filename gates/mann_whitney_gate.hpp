// SPDX-License-Identifier: Apache-2.0
// The canary's series against stable's, as Kayenta's judge sees them (analysis/kayenta.hpp): a
// metric for each set of labels besides `pod`, of which pods are averaged. It is a test of a fixed
// number of samples: looked at again and again it sends good versions back more often than it says.
// The judging is pure.
#pragma once

#include "gates/gate.hpp"

#include <optional>
#include <string>
#include <utility>

namespace deployctl::gates {

/// What was asked, and what came back.
struct SeriesPair {
    std::string query;
    MetricAnswer canary;
    MetricAnswer stable;
};

Verdict judge(const MannWhitneyQuestion& question, const SeriesPair& pair);
/// Anew, by the evidence that was stored; nothing where that is not enough.
std::optional<Verdict> judge_stored(const MannWhitneyQuestion& question, const Value& evidence);

class MannWhitneyGate final : public Gate {
public:
    MannWhitneyGate(const Sources& sources, MannWhitneyQuestion question)
        : metrics_(sources.outside.metrics),
          source_(sources.metrics_source),
          clock_(sources.clock),
          question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Metrics& metrics_;
    MetricsSource source_;
    Clock& clock_;
    MannWhitneyQuestion question_;
};

}  // namespace deployctl::gates
