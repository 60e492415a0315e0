// SPDX-License-Identifier: Apache-2.0
// A cluster whose calls go wrong as a plan says. What it hides, loses or delays happens to the
// inner cluster. Holds references; one thread.
#pragma once

#include "ports/cluster.hpp"
#include "simcluster/fault_plan.hpp"
#include "simcluster/virtual_clock.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::simcluster {

/// One write as its sender knows it.
struct WriteTold {
    const ObjectRef& ref;
    const JsonPatch& changes;  ///< of a patch
    Duration sent;
    const WriteReply& reply;
};

class FaultyCluster final : public Cluster {
public:
    FaultyCluster(Cluster& inner, FaultPlan& plan, VirtualClock& clock)
        : inner_(inner), plan_(plan), clock_(clock) {}

    /// Is told of each write that was answered.
    void listen(std::function<void(const WriteTold&)> listener) { listener_ = std::move(listener); }

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
    /// The fault of this read; throws where it fails.
    Fault begin_read(std::string what);

    Task<WriteReply> try_patch(ObjectRef ref, JsonPatch changes);
    Task<WriteReply> try_create(ObjectRef ref, Value object);
    void tell(
        const ObjectRef& ref, const JsonPatch& changes, Duration sent, const WriteReply& reply
    ) const;

    std::function<void(const WriteTold&)> listener_;
    Cluster& inner_;
    FaultPlan& plan_;
    VirtualClock& clock_;
};

}  // namespace deployctl::simcluster
