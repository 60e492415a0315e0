// SPDX-License-Identifier: Apache-2.0
// The chain of one operation: a hash of what it began as, one of each event, and one of its end,
// each over the hash before it. Written by the store, walked by checks of a file and of an export.
// Values; any thread.
#pragma once

#include "model/operation.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::state {

std::string hash_of_begin(const Operation& operation);
/// `actor` is who ran it then.
std::string hash_of_event(
    const std::string& operation,
    const OperationEvent& event,
    const std::string& actor,
    const std::string& previous
);
std::string hash_of_end(const Operation& operation, const std::string& previous);

/// The operation of a row of `operations`, by the names of its columns.
Operation read_operation(const Value& row);
OperationEvent read_operation_event(const Value& row);

/// Over the rows of one operation, in order: a line for each thing that is wrong with it.
class OperationWalk {
public:
    explicit OperationWalk(const Value& row);

    void visit(const Value& event_row, std::vector<std::string>& faults);
    void end(std::vector<std::string>& faults) const;

private:
    std::string place(std::int64_t seq) const;

    Operation operation_;
    std::int64_t head_seq_;
    std::string head_hash_;
    std::int64_t seq_ = 0;
    std::string hash_;
};

}  // namespace deployctl::state
