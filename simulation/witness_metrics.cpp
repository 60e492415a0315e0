// SPDX-License-Identifier: Apache-2.0
#include "simulation/witness_metrics.hpp"

#include "simcluster/behaviour.hpp"

namespace deployctl::simulation {

Task<MetricAnswer> WitnessMetrics::instant(MetricsSource source, std::string query) {
    auto answer = co_await inner_.instant(source, query);
    auto& samples = scenery_.testimony.samples[runner_];
    for (const auto& series : answer.series) {
        const auto& pod = series.labels.at("pod");
        const auto object = scenery_.cluster.object(scenery_.cluster.ref_to(Kind::pod, pod));
        const auto version = object.is_null() ? "" : simcluster::version_of(object);
        samples.push_back({scenery_.clock.elapsed(), version, true, SampleSeen::By::metrics});
    }
    co_return answer;
}

Task<MetricAnswer> WitnessMetrics::range(
    MetricsSource source, std::string query, MetricRange range
) {
    auto answer = co_await inner_.range(source, query, range);
    co_return answer;
}

}  // namespace deployctl::simulation
