// SPDX-License-Identifier: Apache-2.0
// The journal of operations in the SQLite file of the rollouts, over a connection of its own. Each
// call works synchronously on the caller's thread and is one transaction. Nothing is opened before
// it is needed, and only a write makes the file. Error{state_unreadable} where it cannot be used.
#pragma once

#include "ports/clock.hpp"
#include "ports/operations.hpp"
#include "state/sqlite_store.hpp"

#include <memory>

namespace deployctl::state {

class SqliteOperations final : public Operations {
public:
    /// The access of the options is what each call needs. `clock` outlives this.
    SqliteOperations(SqliteOptions options, const Clock& clock);
    ~SqliteOperations() override;

    Task<BeginOperation> begin_operation(Operation operation) override;
    Task<bool> note_operation(std::string id, Runner runner, OperationEvent event) override;
    Task<bool> end_operation(Operation operation) override;
    Task<bool> take_operation(std::string id, Runner was, Runner runner) override;
    Task<std::optional<Operation>> find_operation(std::string reference) override;
    Task<std::vector<Operation>> operations(OperationFilter filter) override;
    Task<std::vector<OperationEvent>> operation_events(std::string id) override;

private:
    Connection* reading();
    Connection& writing();

    SqliteOptions options_;
    const Clock& clock_;
    std::unique_ptr<Connection> reading_;
    std::unique_ptr<Connection> writing_;
};

}  // namespace deployctl::state
