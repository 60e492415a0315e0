// SPDX-License-Identifier: Apache-2.0
// The Cluster port on a real API server, through kubectl's proxy: one watch a kind feeds typed caches, `look`
// copies them. One namespace. Engine's thread; must outlive every task that uses it.
#pragma once

#include <memory>
#include <string>

#include "plugins/kubectl/proxy.hpp"
#include "ports/cluster.hpp"

namespace deployctl::plugins::kubectl {

class KubectlCluster final : public Cluster {
public:
    KubectlCluster(Proxy& proxy, Clock& clock, std::string kube_namespace);
    ~KubectlCluster() override;

    Task<ClusterIdentity> identify() override;
    Task<std::optional<Value>> get(ObjectRef ref) override;
    Task<std::vector<Value>> list(Kind kind) override;
    Task<WriteReply> patch(ObjectRef ref, JsonPatch changes) override;
    Task<WriteReply> create(ObjectRef ref, Value object) override;
    Task<WriteReply> remove(ObjectRef ref, std::string uid, std::string resource_version) override;
    Task<World> look() override;
    Task<> wait_for_change(Duration at_most) override;
    Task<std::vector<std::string>> log(LogQuery query) override;
    Task<PodAnswer> ask_pod(PodRequest request) override;
    Task<std::vector<Permission>> missing_permissions(std::vector<Permission> wanted) override;

private:
    class Caches;

    Proxy& proxy_;
    Clock& clock_;
    std::string kube_namespace_;
    std::shared_ptr<Caches> caches_;  // shared with the coroutines that feed it
};

}  // namespace deployctl::plugins::kubectl
