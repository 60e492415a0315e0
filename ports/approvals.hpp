// SPDX-License-Identifier: Apache-2.0
// What people have said about rollouts: a part of the journal that others than its runner write.
// Engine's thread.
#pragma once

#include "model/approval.hpp"
#include "ports/task.hpp"

#include <vector>

namespace deployctl {

class Approvals {
public:
    virtual ~Approvals() = default;
    /// Writes it once; one of an id that is there stays as it is. Throws Error{usage} for a rollout
    /// that the journal does not know.
    virtual Task<> keep_approval(Approval approval) = 0;
    /// Of a rollout, the oldest first.
    virtual Task<std::vector<Approval>> approvals(RolloutId rollout) = 0;
};

}  // namespace deployctl
