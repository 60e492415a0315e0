// SPDX-License-Identifier: Apache-2.0
#include "state/operation_chain.hpp"

#include "documents/json.hpp"
#include "state/rows.hpp"
#include "state/statement.hpp"

namespace deployctl::state {

namespace {

std::string hash_after(const std::string& previous, const Value& covered) {
    return documents::sha256_hex(previous + "\n" + documents::write_json(covered));
}

/// What is no JSON stays a text, whose hash is another one.
Value cell_of(const Value& row, const std::string& column) {
    const auto text = row.text("/" + column);
    return documents::try_read_json(text).value_or(Value(text));
}

}  // namespace

std::string hash_of_begin(const Operation& operation) {
    return hash_after(
        "",
        Value::map({
            {"app", operation.app},
            {"by", operation.by},
            {"environment", operation.environment},
            {"id", operation.id},
            {"kind", operation.kind},
            {"plan", operation.plan},
            {"started", to_microseconds(operation.started)},
            {"subject", operation.subject},
        })
    );
}

std::string hash_of_event(
    const std::string& operation,
    const OperationEvent& event,
    const std::string& actor,
    const std::string& previous
) {
    return hash_after(
        previous,
        Value::map({
            {"actor", actor},
            {"data", event.data},
            {"operation", operation},
            {"seq", event.seq},
            {"ts_wall", to_microseconds(event.at)},
            {"type", event.type},
        })
    );
}

std::string hash_of_end(const Operation& operation, const std::string& previous) {
    return hash_after(
        previous,
        Value::map({
            {"actor", operation.runner.identity},
            {"ended", to_microseconds(operation.ended.value_or(WallTime()))},
            {"operation", operation.id},
            {"reason", operation.reason},
            {"result", operation.result},
            {"state", to_text(operation.state)},
        })
    );
}

Operation read_operation(const Value& row) {
    Operation operation;
    operation.id = row.text("/id");
    operation.number = row.number("/number");
    operation.kind = row.text("/kind");
    operation.app = row.text("/app");
    operation.environment = row.text("/environment");
    operation.subject = row.text("/subject");
    operation.by = row.text("/started_by");
    operation.reason = row.text("/reason");
    operation.state =
        read_operation_state(row.text("/state")).value_or(OperationState::needs_human);
    operation.runner = read_runner(cell_of(row, "owner_json"));
    operation.plan = cell_of(row, "meant_json");
    operation.result = cell_of(row, "result_json");
    operation.started = to_wall_time(row.number("/started_at"));
    if (!row.at("/ended_at").is_null()) {
        operation.ended = to_wall_time(row.number("/ended_at"));
    }
    return operation;
}

OperationEvent read_operation_event(const Value& row) {
    OperationEvent event;
    event.seq = row.number("/seq");
    event.at = to_wall_time(row.number("/ts_wall"));
    event.type = row.text("/kind");
    event.data = cell_of(row, "data_json");
    return event;
}

OperationWalk::OperationWalk(const Value& row)
    : operation_(read_operation(row)),
      head_seq_(row.number("/last_seq")),
      head_hash_(row.text("/last_hash")),
      hash_(hash_of_begin(operation_)) {}

void OperationWalk::visit(const Value& event_row, std::vector<std::string>& faults) {
    const auto event = read_operation_event(event_row);
    const auto written = event_row.text("/hash");
    if (event.seq != seq_ + 1) {
        faults.push_back(place(seq_ + 1) + " is missing");
    } else if (event_row.text("/prev_hash") != hash_) {
        faults.push_back(place(event.seq) + " does not follow from what was before it");
    } else if (written != hash_of_event(operation_.id, event, event_row.text("/actor"), hash_)) {
        faults.push_back(place(event.seq) + " was changed after it was written");
    }
    seq_ = event.seq;
    hash_ = written;
}

void OperationWalk::end(std::vector<std::string>& faults) const {
    const bool has_ended = operation_.state != OperationState::running;
    const auto head = has_ended ? hash_of_end(operation_, hash_) : hash_;
    if (seq_ != head_seq_) {
        faults.push_back(place(head_seq_) + ", the last one, is missing");
    } else if (head != head_hash_) {
        faults.push_back(
            "operation " + std::to_string(operation_.number) + " (" + operation_.kind +
            ") is not as it was written"
        );
    }
}

std::string OperationWalk::place(std::int64_t seq) const {
    return "event " + std::to_string(seq) + " of operation " + std::to_string(operation_.number) +
           " (" + operation_.kind + ")";
}

}  // namespace deployctl::state
