// SPDX-License-Identifier: Apache-2.0
#include "cli/redacting.hpp"

#include "plugins/backup/artefact.hpp"
#include "readiness/redaction.hpp"

#include <utility>

namespace deployctl::cli {

Value redacted(const Value& value) {
    if (value.is_string()) {
        return readiness::redacted(value.view(""));
    }
    if (value.is_array()) {
        Value::Array items;
        for (const auto& item : value.items("")) {
            items.push_back(redacted(item));
        }
        return Value(std::move(items));
    }
    if (value.is_object()) {
        Value::Object members;
        for (const auto& [name, member] : value.members()) {
            members[std::string(name)] = redacted(member);
        }
        return Value(std::move(members));
    }
    return value;
}

Value without_secrets(const Value& outputs) {
    Value::Object told;
    for (const auto& [name, output] : outputs.members()) {
        if (redacted(output) == output) {
            told[std::string(name)] = output;
        }
    }
    return Value(std::move(told));
}

std::vector<std::string> redacted_command(std::vector<std::string> argv) {
    auto words = plugins::backup::without_secrets(std::move(argv));
    for (auto& word : words) {
        word = readiness::redacted(word);
    }
    return words;
}

engine::DisasterPlan redacted(engine::DisasterPlan plan) {
    for (auto& stage : plan.stages) {
        stage.run = redacted_command(std::move(stage.run));
    }
    return plan;
}

TaskReport redacted(TaskReport report) {
    report.detail = readiness::redacted(report.detail);
    const auto outputs = report.evidence.at("/outputs");
    report.evidence = redacted(report.evidence);
    if (outputs.is_object()) {
        report.evidence.set("/outputs", without_secrets(outputs));
    }
    return report;
}

Task<CommandResult> RedactedProcess::run(Command command) {
    auto result = co_await process_.run(command);
    result.output = readiness::redacted(result.output);
    result.error_output = readiness::redacted(result.error_output);
    co_return result;
}

Task<TaskReport> RedactedTasks::run(TaskOrder order) {
    if (order.tell) {
        order.tell = [tell = std::move(order.tell)](Value fact) { tell(redacted(fact)); };
    }
    auto report = co_await tasks_.run(order);
    co_return redacted(std::move(report));
}

}  // namespace deployctl::cli
