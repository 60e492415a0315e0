// SPDX-License-Identifier: Apache-2.0
// The logs of the pods of one side of a rollout, from its cluster: as they are, and what is added
// to them. Throws Error{stopped_watching} where the cluster cannot be reached. Engine's thread.
#pragma once

#include "model/plan.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::cli {

struct PodLog {
    std::string pod;
    std::string container;
    const char* source = "";  ///< "evidence" or "cluster"
    std::vector<std::string> lines;
};

struct LogOrder {
    Plan plan;
    Slot slot = Slot::candidate;
    int lines = 100;  ///< of each pod, at most
};

/// The pods that are there, each with the end of its log.
Task<std::vector<PodLog>> read_pod_logs(Cluster* cluster, LogOrder order);

/// Reads again and again, and hands over each line once; pods that are new are read from their
/// beginning. The cluster and the clock outlive it.
class LogFollower {
public:
    LogFollower(Cluster& cluster, Clock& clock, LogOrder order)
        : cluster_(cluster), clock_(clock), order_(std::move(order)) {}

    /// What was written since the last call; pods with nothing new are left out.
    Task<std::vector<PodLog>> next();

private:
    LogQuery query_for(const std::string& pod) const;
    std::vector<std::string> news_of(const std::string& pod, const std::vector<std::string>& lines);

    Cluster& cluster_;
    Clock& clock_;
    LogOrder order_;
    std::map<std::string, std::string> last_;  ///< by pod, the time of its last line
    std::optional<BootTime> asked_;
};

}  // namespace deployctl::cli
