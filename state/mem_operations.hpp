// SPDX-License-Identifier: Apache-2.0
// The journal of operations in memory, for tests and simulations. One thread.
#pragma once

#include "ports/clock.hpp"
#include "ports/operations.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::state {

class MemOperations final : public Operations {
public:
    explicit MemOperations(Clock& clock) : clock_(clock) {}

    Task<BeginOperation> begin_operation(Operation operation) override;
    Task<bool> note_operation(std::string id, Runner runner, OperationEvent event) override;
    Task<bool> end_operation(Operation operation) override;
    Task<bool> take_operation(std::string id, Runner was, Runner runner) override;
    Task<std::optional<Operation>> find_operation(std::string reference) override;
    Task<std::vector<Operation>> operations(OperationFilter filter) override;
    Task<std::vector<OperationEvent>> operation_events(std::string id) override;

private:
    Operation* find(const std::string& id);

    Clock& clock_;
    std::vector<Operation> operations_;  ///< the oldest first
    std::map<std::string, std::vector<OperationEvent>> events_;
};

}  // namespace deployctl::state
