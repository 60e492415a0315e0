// SPDX-License-Identifier: Apache-2.0
// How many pods of one kind the nodes of a cluster have room for: of each node that is ready, takes
// new pods, and whose labels and taints suit them, what it has to give less what the pods on it
// have asked for. Of what it is shown it keeps a few numbers a node. Not looked at: affinity,
// spreading, volumes, ports of the host, and pods that could be pushed out. A value; any thread.
#pragma once

#include "gates/pod_needs.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace deployctl::gates {

class NodeRoom {
public:
    /// `requests` is what one of them asks for (needs_of).
    NodeRoom(Value pod_spec, Amounts requests);

    /// All nodes first.
    void add_node(const Value& node);
    void add_pod(const Value& pod);

    std::int64_t nodes() const { return nodes_; }

    /// That such pods may go to.
    std::int64_t suitable() const { return std::ssize(nodes_that_suit_); }

    /// Pods that no node has yet: they were not counted.
    std::int64_t waiting() const { return waiting_; }

    /// How many more of them fit, each as a whole on one node.
    std::int64_t pods_that_fit() const;

    /// How many would fit on a new node: on the smallest of those that suit, beside what DaemonSets
    /// bring to each. None where there is no node to go by.
    std::int64_t pods_on_a_new_one() const;

    /// An amount that nobody can read; empty where there was none.
    const std::string& trouble() const { return trouble_; }

private:
    struct Left {
        double pods = 0;
        std::vector<double> amounts;  ///< in the order of what one pod asks for
    };

    struct Node {
        Left now;
        Left when_new;  ///< with the pods of its DaemonSets alone
    };

    std::int64_t pods_on(const Left& left) const;
    void take(Left& left, const Amounts& asked) const;

    Value pod_spec_;
    Amounts requests_;
    std::unordered_map<std::string, Node> nodes_that_suit_;
    std::int64_t nodes_ = 0;
    std::int64_t waiting_ = 0;
    std::string trouble_;
};

/// What decides about their places as well, and is not looked at: "affinity".
std::vector<std::string> overlooked_in(const Value& pod_spec);

}  // namespace deployctl::gates
