// SPDX-License-Identifier: Apache-2.0
// A metrics source that counts the requests of a simulated Service: they come evenly to its ready
// endpoints, and each version fails its share of them, without chance. It answers
// `requests{pod=~"a|b"}` and `failures{pod=~"a|b"}`, as read from the pods at fixed times, and
// keeps what it has read for as long as a play lasts. Has to be shown each change of the world.
// One thread.
#pragma once

#include "model/kubernetes/world.hpp"
#include "ports/metrics.hpp"
#include "simcluster/virtual_clock.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::simcluster {

struct SimTraffic {
    std::string service;
    double requests = 100;                          ///< a second
    double failing = 0.005;                         ///< 0..1 of them, where nothing else is said
    std::map<std::string, double> by_version = {};  ///< the same, of the pods of one
    Duration read_every = seconds(5);
};

class SimMetrics final : public Metrics {
public:
    SimMetrics(VirtualClock& clock, SimTraffic traffic)
        : clock_(clock), traffic_(std::move(traffic)) {}

    void observe(const World& world);

    /// From the next change of the world on the pods of this version fail so many (0..1).
    void fail(const std::string& version, double share) { traffic_.by_version[version] = share; }

    /// Nobody answers from now on until then (`VirtualClock::elapsed`).
    void fall_silent(Duration until) { silent_until_ = until; }

    Task<MetricAnswer> instant(MetricsSource source, std::string query) override;
    Task<MetricAnswer> range(MetricsSource source, std::string query, MetricRange range) override;

private:
    /// From then on the counters of a container go up so fast.
    struct Mark {
        Duration at{};
        double requests = 0;
        double pace = 0;  ///< requests a second
    };

    struct Life {
        double failing = 0;
        int restarts = 0;
        std::optional<Duration> gone;
        std::vector<Mark> marks;
    };

    void go_on(Life& life, double pace) const;
    static std::optional<double> requests_at(const Life& life, Duration at);
    Duration last_reading(Duration at) const;
    MetricAnswer answer(const std::string& query, const std::vector<Duration>& times) const;

    VirtualClock& clock_;
    SimTraffic traffic_;
    std::map<std::string, Life> lives_;  ///< by pod
    Duration silent_until_{};
};

}  // namespace deployctl::simcluster
