// SPDX-License-Identifier: Apache-2.0
// The simulated cluster as one runner reaches it: each call takes its time on the way, takes turns
// with the other runners, and each write is shown to the checker as it lands. The cluster itself
// answers in no time, so that what is seen before a write is what the write meets. One a runner;
// outlives what it sends too late.
#pragma once

#include "ports/cluster.hpp"
#include "simcluster/sim_cluster.hpp"
#include "simulation/checker.hpp"
#include "simulation/turns.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::simulation {

/// What the witnesses of one play have seen and told.
struct Testimony {
    std::map<std::string, std::vector<SampleSeen>> samples;  ///< by runner, without a verdict
    /// By machine: the version that was told last.
    std::map<std::pair<int, RolloutId>, std::int64_t> versions;
};

/// Looks show nothing newer between these times.
struct Standstill {
    Duration since{};
    Duration until{};
    World shown = {};  ///< what they showed last
};

/// What the witnesses of one play share.
struct Scenery {
    simcluster::VirtualClock& clock;
    simcluster::SimCluster& cluster;
    Checker& checker;
    Turns& turns;
    Duration way{};                               ///< of one request
    std::function<void(const std::string&)> log;  ///< a line of the event log; may be empty
    Testimony testimony = {};
    std::optional<Standstill> standstill = {};  ///< of all watches; none: there is never one
};

class WitnessCluster final : public Cluster {
public:
    explicit WitnessCluster(Scenery& scenery, std::string runner = "")
        : scenery_(scenery), runner_(std::move(runner)) {}

    /// Requests of this runner that reached the API server and could have changed something.
    int writes() const { return writes_; }

    Task<ClusterIdentity> identify() override;
    Task<std::optional<Value>> get(ObjectRef ref) override;
    Task<ListPage> list(ListQuery query) override;
    Task<WriteReply> patch(ObjectRef ref, JsonPatch changes) override;
    Task<WriteReply> rehearse(ObjectRef ref, JsonPatch changes) override;
    Task<WriteReply> create(ObjectRef ref, Value object) override;
    Task<WriteReply> remove(ObjectRef ref, std::string uid, std::string resource_version) override;
    Task<World> look() override;
    Task<> wait_for_change(Duration at_most) override;
    Task<std::vector<std::string>> log(LogQuery query) override;
    Task<std::vector<PodAnswer>> ask_pods(std::vector<PodRequest> requests) override;
    Task<std::vector<Permission>> missing_permissions(std::vector<Permission> wanted) override;

private:
    Task<> travel();
    WriteSeen begin_write(const ObjectRef& ref, EffectVerb verb);
    void end_write(WriteSeen seen, const WriteReply& reply);
    std::string version_of(const std::string& pod) const;

    Scenery& scenery_;
    std::string runner_;
    int writes_ = 0;
    std::optional<World> seen_;  ///< by the last look, where the next one may be stale
    Duration seen_at_{};         ///< as of when
};

}  // namespace deployctl::simulation
