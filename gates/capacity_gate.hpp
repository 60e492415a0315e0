// SPDX-License-Identifier: Apache-2.0
// Whether the pods that a rollout adds at its peak fit: into what each ResourceQuota of the
// namespace leaves, onto the nodes (gates/node_room.hpp), and whether the autoscaler of the
// workload takes its size; a share of each may have to stay free. All of them are counted as pods
// of the next version. What may not be looked at is an error, unless what was seen fails already. A
// quota with scopes is not counted, for nobody knows here whether it is meant.
#pragma once

#include "gates/gate.hpp"
#include "gates/node_room.hpp"

#include <optional>

namespace deployctl::gates {

/// What there is; nothing where it may not be looked at.
struct Room {
    std::optional<std::vector<Value>> quotas;
    std::optional<std::vector<Value>> autoscalers;
    std::optional<NodeRoom> nodes;
    std::vector<Permission> missing = {};  ///< for the rest
};

/// Pure.
Verdict judge(const CapacityQuestion& question, const Subjects& subjects, const Room& room);

/// What it takes to look at everything.
std::vector<Permission> permissions_for_capacity();

class CapacityGate final : public Gate {
public:
    CapacityGate(const Sources& sources, CapacityQuestion question)
        : cluster_(sources.cluster), question_(question) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Task<std::optional<NodeRoom>> look_at_nodes(Value pod_spec);

    Cluster& cluster_;
    CapacityQuestion question_;
};

}  // namespace deployctl::gates
