// SPDX-License-Identifier: Apache-2.0
// Alerts that fire: a pass while there is none with all of the labels. Two can be asked:
// - an Alertmanager, by its API v2, without credentials: those of the metrics source are not for
//   another host. It says since when, and what is silenced.
// - The metrics source, by the series ALERTS of its rules. It knows neither.
// Whoever answers with what nobody can read, with a part only, or not at all, proves nothing: an
// error, never a pass. What is read and judged is pure.
#pragma once

#include "gates/gate.hpp"

#include <optional>

namespace deployctl::gates {

struct FiringAlert {
    std::string name;
    std::string since;  ///< "2026-11-30T01:02:03Z"; empty where nobody says
};

/// Those that count, of one answer.
struct FiringAlerts {
    std::string asked;  ///< the selector
    std::vector<FiringAlert> alerts = {};
    std::string failure = {};  ///< why nobody knows; empty where somebody has answered
};

/// `service="web",env="production"`, escaped as PromQL and Alertmanager both want it.
std::string selector_of(const AlertsQuestion& question, const Placeholders& names);
std::string alerts_query(const AlertsQuestion& question, const Placeholders& names);
HttpRequest alerts_request(const AlertsQuestion& question, const Placeholders& names);

FiringAlerts read_alerts(
    const AlertsQuestion& question, const Placeholders& names, const HttpAnswer& answer
);
FiringAlerts read_alerts(
    const AlertsQuestion& question, const Placeholders& names, const MetricAnswer& answer
);
Verdict judge(const FiringAlerts& firing);
/// Anew, by the evidence that was stored; nothing where that is not enough.
std::optional<Verdict> judge_stored(const AlertsQuestion& question, const Value& evidence);

/// One question; about no pods, so that it can be asked before a rollout as well.
Task<Verdict> sample(
    Outside outside, MetricsSource source, AlertsQuestion question, Placeholders names
);

class AlertsGate final : public Gate {
public:
    AlertsGate(const Sources& sources, AlertsQuestion question)
        : outside_(sources.outside),
          source_(sources.metrics_source),
          question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Outside outside_;
    MetricsSource source_;
    AlertsQuestion question_;
};

}  // namespace deployctl::gates
