// SPDX-License-Identifier: Apache-2.0
// The journal of what is done beside single rollouts. Every call is one transaction; what has been
// answered survives a power cut. Calls throw Error{state_unreadable} where the store fails; what
// somebody else has done meanwhile is a value. Engine's thread.
#pragma once

#include "model/operation.hpp"
#include "ports/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl {

struct BeginOperation {
    enum class Kind { begun, another_is_running } kind{};
    Operation operation;  ///< the new one, or the one that runs
};

struct OperationFilter {
    std::string app;          ///< empty: any
    std::string environment;  ///< empty: any
    std::string kind;         ///< "infra.apply"; "infra." all that begin so; empty: any
    std::string subject;      ///< empty: any
    bool only_running = false;
    int at_most = 50;
};

class Operations {
public:
    virtual ~Operations() = default;
    /// At most one runs at a time of the same kind, app, environment and subject. An id that is
    /// there already is the same operation.
    virtual Task<BeginOperation> begin_operation(Operation operation) = 0;
    /// Another event of one that runs; false where it has ended, or another runner has it now.
    virtual Task<bool> note_operation(std::string id, Runner runner, OperationEvent event) = 0;
    /// The last word on it; false where it has ended already, or another runner has it now.
    virtual Task<bool> end_operation(Operation operation) = 0;
    /// Another runner goes on with it, where `was` is whose it still is.
    virtual Task<bool> take_operation(std::string id, Runner was, Runner runner) = 0;
    /// By id, a unique prefix of one (at least 6), or number.
    virtual Task<std::optional<Operation>> find_operation(std::string reference) = 0;
    /// The newest first.
    virtual Task<std::vector<Operation>> operations(OperationFilter filter) = 0;
    virtual Task<std::vector<OperationEvent>> operation_events(std::string id) = 0;
};

}  // namespace deployctl
