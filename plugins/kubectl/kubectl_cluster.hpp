// SPDX-License-Identifier: Apache-2.0
// The Cluster port on a real API server, through kubectl's proxy. The first `look` starts one watch
// a kind; each look copies their typed caches. One namespace. Engine's thread, whose loop outlives
// it. The watches are children of this object: `close` ends them and waits; without it the
// destructor cancels them and the loop has to run, or stop, before the proxy goes.
#pragma once

#include "plugins/kubectl/proxy.hpp"
#include "ports/cluster.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins::kubectl {

struct ClusterSettings {
    std::string kube_namespace;
    /// Names the cluster where we may not read its uid: a hash of this address. A cluster made anew
    /// at the same address is then taken for the old one.
    std::string server = {};
    /// How long nothing may be heard of the server before `look` throws.
    Duration stale_after = seconds(10);
    /// How long one read or write may take before it counts as unanswered.
    Duration request_timeout = seconds(10);
    /// Takes the secrets out of what pods print, before anybody keeps or shows it.
    std::string (*redact)(std::string_view text) = nullptr;
};

class KubectlCluster final : public Cluster {
public:
    KubectlCluster(Proxy& proxy, Clock& clock, ClusterSettings settings);
    ~KubectlCluster() override;

    /// The first call to make: throws Error{tool_missing}, saying why, where the server cannot be
    /// used.
    Task<ClusterIdentity> identify() override;
    Task<std::optional<Value>> get(ObjectRef ref) override;
    Task<ListPage> list(ListQuery query) override;
    Task<WriteReply> patch(ObjectRef ref, JsonPatch changes) override;
    Task<WriteReply> rehearse(ObjectRef ref, JsonPatch changes) override;
    Task<WriteReply> create(ObjectRef ref, Value object) override;
    Task<WriteReply> remove(ObjectRef ref, std::string uid, std::string resource_version) override;
    Task<World> look() override;
    Task<> wait_for_change(Duration at_most) override;
    /// Empty where the server has none: no such pod, not started yet, no previous run, kubelet
    /// gone.
    Task<std::vector<std::string>> log(LogQuery query) override;
    Task<std::vector<PodAnswer>> ask_pods(std::vector<PodRequest> requests) override;
    Task<std::vector<Permission>> missing_permissions(std::vector<Permission> wanted) override;

    Task<> close();

private:
    class Caches;

    Task<std::vector<Permission>> in_doubt(std::vector<Permission> wanted);
    Task<HttpAnswer> ask(HttpRequest request);
    Task<bool> is_granted(Permission permission);
    Task<PodAnswer> ask_pod(PodRequest request);

    /// The answer to a SelfSubjectRulesReview, and when it was asked for.
    struct Rules {
        WriteReply answer;
        BootTime asked;
    };

    Proxy& proxy_;
    Clock& clock_;
    ClusterSettings settings_;
    std::optional<Rules> rules_;
    std::shared_ptr<Caches> caches_;  // shared with the coroutines that feed it
};

}  // namespace deployctl::plugins::kubectl
