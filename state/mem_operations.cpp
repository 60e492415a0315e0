// SPDX-License-Identifier: Apache-2.0
#include "state/mem_operations.hpp"

#include "model/text.hpp"

#include <algorithm>

namespace deployctl::state {

namespace {

constexpr std::size_t shortest_prefix = 6;

bool is_same_work(const Operation& one, const Operation& other) {
    return one.kind == other.kind && one.app == other.app && one.environment == other.environment &&
           one.subject == other.subject;
}

bool is_running_by(const Operation* operation, const Runner& runner) {
    return operation != nullptr && operation->state == OperationState::running &&
           operation->runner == runner;
}

bool matches(const Operation& one, const OperationFilter& filter) {
    const bool is_family = filter.kind.ends_with(".") && one.kind.starts_with(filter.kind);
    return (filter.app.empty() || one.app == filter.app) &&
           (filter.environment.empty() || one.environment == filter.environment) &&
           (filter.kind.empty() || is_family || one.kind == filter.kind) &&
           (filter.subject.empty() || one.subject == filter.subject) &&
           (!filter.only_running || one.state == OperationState::running);
}

}  // namespace

Operation* MemOperations::find(const std::string& id) {
    const auto found = std::ranges::find(operations_, id, &Operation::id);
    return found == operations_.end() ? nullptr : &*found;
}

Task<BeginOperation> MemOperations::begin_operation(Operation operation) {
    if (const auto* same = find(operation.id)) {
        co_return BeginOperation{BeginOperation::Kind::begun, *same};
    }
    for (const auto& other : operations_) {
        if (other.state == OperationState::running && is_same_work(other, operation)) {
            co_return BeginOperation{BeginOperation::Kind::another_is_running, other};
        }
    }
    operation.number = std::ssize(operations_) + 1;
    operation.started = clock_.now();
    operations_.push_back(operation);
    co_return BeginOperation{BeginOperation::Kind::begun, operation};
}

Task<bool> MemOperations::note_operation(std::string id, Runner runner, OperationEvent event) {
    if (!is_running_by(find(id), runner)) {
        co_return false;
    }
    auto& events = events_[id];
    event.seq = std::ssize(events) + 1;
    event.at = clock_.now();
    events.push_back(std::move(event));
    co_return true;
}

Task<bool> MemOperations::end_operation(Operation operation) {
    auto* kept = find(operation.id);
    if (!is_running_by(kept, operation.runner)) {
        co_return false;
    }
    kept->state = operation.state;
    kept->result = std::move(operation.result);
    kept->reason = std::move(operation.reason);
    kept->ended = clock_.now();
    co_return true;
}

Task<bool> MemOperations::take_operation(std::string id, Runner was, Runner runner) {
    auto* kept = find(id);
    if (!is_running_by(kept, was)) {
        co_return false;
    }
    kept->runner = std::move(runner);
    co_return true;
}

Task<std::optional<Operation>> MemOperations::find_operation(std::string reference) {
    const auto number = whole_number(reference);
    std::vector<const Operation*> found;
    for (const auto& one : operations_) {
        const bool is_prefix = reference.size() >= shortest_prefix && one.id.starts_with(reference);
        if (is_prefix || one.number == number) {
            found.push_back(&one);
        }
    }
    co_return found.size() == 1 ? std::optional(*found.front()) : std::nullopt;
}

Task<std::vector<Operation>> MemOperations::operations(OperationFilter filter) {
    std::vector<Operation> found;
    for (auto one = operations_.rbegin(); one != operations_.rend(); ++one) {
        if (std::ssize(found) < filter.at_most && matches(*one, filter)) {
            found.push_back(*one);
        }
    }
    co_return found;
}

Task<std::vector<OperationEvent>> MemOperations::operation_events(std::string id) {
    const auto found = events_.find(id);
    co_return found == events_.end() ? std::vector<OperationEvent>{} : found->second;
}

}  // namespace deployctl::state
