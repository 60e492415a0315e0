// SPDX-License-Identifier: Apache-2.0
// The metrics source as one runner asks it: shows the checker which pods were answered for. It
// answers in no time, beside whatever its runner does. One a runner.
#pragma once

#include "ports/metrics.hpp"
#include "simulation/witness_cluster.hpp"

#include <string>
#include <utility>

namespace deployctl::simulation {

class WitnessMetrics final : public Metrics {
public:
    WitnessMetrics(Metrics& inner, Scenery& scenery, std::string runner)
        : inner_(inner), scenery_(scenery), runner_(std::move(runner)) {}

    Task<MetricAnswer> instant(MetricsSource source, std::string query) override;
    Task<MetricAnswer> range(MetricsSource source, std::string query, MetricRange range) override;

private:
    Metrics& inner_;
    Scenery& scenery_;
    std::string runner_;
};

}  // namespace deployctl::simulation
