// SPDX-License-Identifier: Apache-2.0
// Typed caches of one namespace and the watches that feed them. Each object is read once, when its
// event comes. Shared between the cluster object and the handlers of the watches' coroutines, so
// that it lives until the last of them has ended. Private to plugins/kubectl. Engine's thread.
#pragma once

#include "model/kubernetes/world.hpp"
#include "plugins/kubectl/kubectl_cluster.hpp"
#include "plugins/kubectl/watch_cache.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace deployctl::plugins::kubectl {

/// The objects of a kind by name, shared with the Worlds that show them, and the list that is on
/// its way to replace them.
template <class T>
struct Shelf {
    std::map<std::string, Shared<T>> items;
    std::map<std::string, Shared<T>> staged;
    bool has_changed = true;  ///< since the last look
};

class KubectlCluster::Caches : public std::enable_shared_from_this<KubectlCluster::Caches> {
public:
    Caches(Proxy& proxy, Clock& clock, ClusterSettings settings);

    void start(const boost::asio::any_io_executor& executor);
    /// Cancels the watches; they end when the loop runs next.
    void stop();

    bool is_started() const { return !feeds_.empty(); }

    bool has_ended() const { return running_ == 0; }

    bool is_synced() const;
    /// Nothing was heard of the server for longer than is tolerated.
    bool is_stale() const;
    /// Throws where a kind that is needed cannot be read, or the connection is lost for too long.
    void check() const;
    /// Its lists are copies of those of the look before where nothing of their kind has changed.
    World world();
    /// Until something has changed since the last look.
    Task<> wait(Duration at_most);

    void seen() { changed_ = false; }

private:
    /// `later`: the first look does not wait for it. Events are the longest list of a namespace,
    /// and only explain what the pods show.
    enum class Need { required, optional, later };

    struct Feed {
        Need need;
        std::unique_ptr<WatchCache> watch;
        std::unique_ptr<boost::asio::cancellation_signal> stop;
    };

    template <class T>
    void add(Kind kind, Need need, Shelf<T>& shelf, T (*read)(const Value&));
    void add_all();
    void run(const boost::asio::any_io_executor& executor, Task<> task, Feed& feed);
    Task<> listen_for_silence();
    void notice_change();

    Proxy& proxy_;
    Clock& clock_;
    ClusterSettings settings_;
    std::vector<Feed> feeds_;
    std::set<boost::asio::steady_timer*> waiting_;
    std::exception_ptr accident_;
    int running_ = 0;
    bool stopping_ = false;
    bool changed_ = true;

    struct Shelves {
        Shelf<Workload> workloads;
        Shelf<ReplicaSet> replica_sets;
        Shelf<Pod> pods;
        Shelf<Service> services;
        Shelf<std::vector<Endpoint>> endpoints;
        Shelf<Autoscaler> autoscalers;
        Shelf<DisruptionBudget> disruption_budgets;
        Shelf<Notice> notices;
        World shown;  ///< by the last look
    } shelves_;
};

}  // namespace deployctl::plugins::kubectl
