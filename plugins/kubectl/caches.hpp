// SPDX-License-Identifier: Apache-2.0
// Typed caches of one namespace and the watches that feed them. Private to plugins/kubectl.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "model/kubernetes/world.hpp"
#include "plugins/kubectl/kubectl_cluster.hpp"
#include "plugins/kubectl/watch_cache.hpp"

namespace deployctl::plugins::kubectl {

template <class T>
using ByName = std::map<std::string, T>;

class KubectlCluster::Caches : public std::enable_shared_from_this<KubectlCluster::Caches> {
public:
    Caches(Proxy& proxy, Clock& clock, std::string kube_namespace);

    void start(const boost::asio::any_io_executor& executor);
    void stop();
    bool is_started() const { return !watches_.empty(); }
    bool is_synced() const;
    /// Throws where a kind that is needed cannot be read, or nothing was heard for too long.
    void check() const;
    World world() const;
    Task<> wait(Duration at_most);
    void seen() { changed_ = false; }

private:
    template <class T>
    void add(Kind kind, ByName<T>& items, T (*read)(const Value&));
    void notice_change();

    Proxy& proxy_;
    Clock& clock_;
    std::string kube_namespace_;
    std::vector<std::unique_ptr<WatchCache>> watches_;
    std::unique_ptr<boost::asio::steady_timer> alarm_;
    bool changed_ = true;

    struct Items {
        ByName<Workload> workloads;
        ByName<ReplicaSet> replica_sets;
        ByName<Pod> pods;
        ByName<Service> services;
        ByName<std::vector<Endpoint>> endpoints;
        ByName<Autoscaler> autoscalers;
        ByName<DisruptionBudget> disruption_budgets;
        ByName<Notice> notices;
    } items_;
};

}  // namespace deployctl::plugins::kubectl
