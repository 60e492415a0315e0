// SPDX-License-Identifier: Apache-2.0
// A small Kubernetes in memory: objects, the controllers that matter to a rollout, and pods that
// behave as their image was said to. Deterministic; all its time is the VirtualClock's, so clock
// and cluster live and die together. Everything named in `add` and `edit` is somebody else's doing
// and is not recorded; what comes through the port is. One namespace. One thread.
#pragma once

#include "ports/cluster.hpp"
#include "simcluster/behaviour.hpp"
#include "simcluster/pace.hpp"
#include "simcluster/virtual_clock.hpp"
#include "simcluster/write_log.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace deployctl::simcluster {

class SimCluster final : public Cluster {
public:
    explicit SimCluster(VirtualClock& clock, Pace pace = {}, std::string kube_namespace = "shop");
    ~SimCluster() override;

    // -- the world a test makes --
    SimCluster& add(const Value& object);
    /// An object as it stands in a real cluster, without what is that cluster's own.
    SimCluster& copy(Kind kind, const Value& object);
    /// What somebody else does to an object: `kubectl edit`. Throws std::out_of_range where it is
    /// not there.
    void edit(const ObjectRef& ref, const std::function<void(Value&)>& change);
    void erase(const ObjectRef& ref);
    /// The pods of this version ("v2") do so, from their next step on.
    SimCluster& behave(const std::string& version, Behaviour behaviour);
    /// The same; and those that run already crash, or are unready, at once.
    SimCluster& turn(const std::string& version, Behaviour behaviour);
    /// What an autoscaler's metrics ask for from now on.
    void autoscaler_wants(const std::string& name, int replicas);
    /// "patch", "deployments": refused, and named by `missing_permissions`; "pods everywhere": in
    /// the whole cluster, and not in the namespace.
    void forbid(const std::string& verb, const std::string& resource);
    /// Lets ten seconds pass: enough for good pods to be ready and endpoints to follow.
    SimCluster& settle();

    // -- what a test asks --
    /// As things are; `look`, the engine's view, lags behind by `Pace::watch`.
    const World& world();
    /// Null where the object is not there.
    Value object(const ObjectRef& ref) const;
    /// In the namespace that this cluster has.
    ObjectRef ref_to(Kind kind, const std::string& name) const;
    const std::vector<WriteRecord>& writes() const;
    /// Without those to Leases, one a line.
    std::string writes_text() const;
    void forget_writes();
    /// Called after each change of an object that a World shows; it must not change anything.
    void watch(std::function<void(const World&)> observer);

    // -- the port --
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
    struct Parts;

    std::unique_ptr<Parts> parts_;
};

/// "shop/Deployment/web" and so on, of the namespace that SimCluster has where nothing is said.
ObjectRef in_shop(Kind kind, const std::string& name);

}  // namespace deployctl::simcluster
