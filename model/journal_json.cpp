// SPDX-License-Identifier: Apache-2.0
#include "model/journal.hpp"

#include <algorithm>

namespace deployctl {

namespace {

Event event(Value data, std::optional<int> step = std::nullopt) {
    Event made;
    made.step = step;
    made.data = std::move(data);
    return made;
}

constexpr double longest_told = 1e9;  // seconds

struct TypeOf {
    const char* operator()(const RolloutBegun&) const { return "rollout.started"; }

    const char* operator()(const LeaseTaken&) const { return "lock.acquired"; }

    const char* operator()(const StateChanged& entry) const {
        return is_terminal(entry.to) ? "rollout.finished" : "rollout.state";
    }

    const char* operator()(const StepStarted&) const { return "step.started"; }

    const char* operator()(const StepFinished& entry) const {
        switch (entry.result) {
            case StepResult::done: return "step.finished";
            case StepResult::failed: return "step.failed";
            case StepResult::skipped: return "step.skipped";
        }
        return "";
    }

    const char* operator()(const IntentRecorded&) const { return "effect.intent"; }

    const char* operator()(const OutcomeRecorded&) const { return "effect.outcome"; }

    const char* operator()(const GateEvaluated&) const { return "gate.evaluated"; }

    const char* operator()(const ApprovalAwaited&) const { return "approval.awaited"; }

    const char* operator()(const ApprovalHeard&) const { return "approval.heard"; }

    const char* operator()(const CauseFound&) const { return "rollout.cause"; }

    const char* operator()(const RequestTaken&) const { return "rollout.request"; }

    const char* operator()(const TrafficMoved&) const { return "traffic.moved"; }

    const char* operator()(const Noted&) const { return "notice"; }

    const char* operator()(const TaskBegan&) const { return "task.started"; }

    const char* operator()(const TaskTold&) const { return "task.told"; }

    const char* operator()(const TaskEnded&) const { return "task.finished"; }
};

struct EventOf {
    Event operator()(const RolloutBegun& entry) const {
        return event(Value::map({
            {"by", entry.initiator},
            {"from", entry.previous_version},
            {"to", entry.next_version},
            {"strategy", to_text(entry.strategy)},
            {"steps", entry.steps},
        }));
    }

    Event operator()(const LeaseTaken& entry) const {
        return event(Value::map({{"epoch", entry.epoch}, {"runner", to_value(entry.runner)}}));
    }

    Event operator()(const StateChanged& entry) const {
        auto data = Value::map({
            {"from", to_text(entry.from)},
            {"state", to_text(entry.to)},
            {"direction", to_text(entry.direction)},
            {"reason", entry.reason},
            {"exit", nullptr},
        });
        if (entry.exit) {
            data.set("/exit", static_cast<int>(*entry.exit));
        }
        return event(std::move(data));
    }

    Event operator()(const StepStarted& entry) const {
        return event(
            Value::map({
                {"direction", to_text(entry.direction)},
                {"stage", entry.stage},
                {"text", entry.text},
            }),
            entry.step
        );
    }

    Event operator()(const StepFinished& entry) const {
        return event(
            Value::map({
                {"direction", to_text(entry.direction)},
                {"stage", entry.stage},
                {"detail", entry.detail},
                {"seconds", in_seconds(entry.took)},
            }),
            entry.step
        );
    }

    Event operator()(const IntentRecorded& entry) const {
        return event(
            Value::map({
                {"attempt", entry.attempt},
                {"direction", to_text(entry.direction)},
                {"verb", to_text(entry.verb)},
                {"object", to_text(entry.object)},
                {"fence_before", entry.fence_before},
                {"fence_after", entry.fence_after},
                {"request", entry.request_hash},
            }),
            entry.step
        );
    }

    Event operator()(const OutcomeRecorded& entry) const {
        return event(Value::map({
            {"attempt", entry.attempt},
            {"state", to_text(entry.state)},
            {"detail", entry.detail},
        }));
    }

    Event operator()(const GateEvaluated& entry) const {
        auto data = Value::map({
            {"gate", entry.gate},
            {"answer", to_text(entry.verdict.answer)},
            {"reason", entry.verdict.reason},
            {"measured", entry.verdict.measured},
            {"limit", entry.verdict.limit},
            {"evidence", entry.verdict.evidence},
            {"good_in_a_row", entry.good_in_a_row},
            {"bad_in_a_row", entry.bad_in_a_row},
        });
        const auto& ruled = entry.ruled;
        if (!ruled.decision.empty()) {
            data.set("/errors_in_a_row", ruled.errors_in_a_row);
            data.set("/inconclusive_in_a_row", ruled.inconclusive_in_a_row);
            data.set("/waited_seconds", ruled.waited ? Value(in_seconds(*ruled.waited)) : Value());
            data.set("/decision", ruled.decision);
        }
        return event(std::move(data), entry.step);
    }

    Event operator()(const ApprovalAwaited& entry) const {
        return event(Value::map({{"name", entry.name}, {"needed", entry.needed}}), entry.step);
    }

    Event operator()(const ApprovalHeard& entry) const {
        const auto& said = entry.approval;
        return event(
            Value::map({
                {"id", said.id},
                {"name", said.name},
                {"vote", to_text(said.vote)},
                {"by", said.by},
                {"reason", said.reason},
                {"said_at", to_rfc3339(said.at)},
                {"counts", entry.trouble.empty()},
                {"why_not", entry.trouble},
            }),
            entry.step
        );
    }

    Event operator()(const CauseFound& entry) const { return event(to_value(entry.cause)); }

    Event operator()(const RequestTaken& entry) const {
        return event(Value::map({
            {"request", entry.request},
            {"kind", to_text(entry.kind)},
            {"by", entry.by},
            {"reason", entry.reason},
        }));
    }

    Event operator()(const TrafficMoved& entry) const {
        return event(Value::map({
            {"asked_percent", entry.weight.asked},
            {"achieved_percent", entry.weight.achieved},
            {"stable_pods", entry.weight.stable},
            {"candidate_pods", entry.weight.candidate},
            {"baseline_pods", entry.weight.baseline},
        }));
    }

    Event operator()(const Noted& entry) const { return event(Value::map({{"text", entry.text}})); }

    Event operator()(const TaskBegan& entry) const {
        return event(
            Value::map({
                {"direction", to_text(entry.direction)},
                {"task", entry.task},
                {"attempt", entry.attempt},
                {"text", entry.text},
            }),
            entry.step
        );
    }

    Event operator()(const TaskTold& entry) const {
        return event(Value::map({{"task", entry.task}, {"data", entry.data}}), entry.step);
    }

    Event operator()(const TaskEnded& entry) const {
        return event(
            Value::map({
                {"task", entry.task},
                {"attempt", entry.attempt},
                {"end", to_text(entry.end)},
                {"detail", entry.detail},
                {"evidence", entry.evidence},
                {"seconds", in_seconds(entry.took)},
            }),
            entry.step
        );
    }
};

PodTrouble read_trouble(const Value& value) {
    return {
        value.text("/pod"),
        value.text("/container"),
        value.text("/reason"),
        value.text("/detail"),
        read_lines(value.at("/log")),
    };
}

}  // namespace

const char* event_type_of(const Entry& entry) {
    return std::visit(TypeOf{}, entry);
}

Event to_event(const Entry& entry) {
    auto made = std::visit(EventOf{}, entry);
    made.type = event_type_of(entry);
    return made;
}

std::optional<GateEvaluated> read_gate_evaluated(const Event& event) {
    const auto& data = event.data;
    const auto answer = read_answer(data.text("/answer"));
    if (event.type != event_type_of(GateEvaluated{}) || !answer) {
        return std::nullopt;
    }
    GateEvaluated entry;
    entry.step = event.step.value_or(0);
    entry.gate = data.text("/gate");
    entry.verdict = {
        *answer,
        data.text("/reason"),
        data.text("/measured"),
        data.text("/limit"),
        data.at("/evidence"),
    };
    entry.good_in_a_row = read_int(data, "/good_in_a_row");
    entry.bad_in_a_row = read_int(data, "/bad_in_a_row");
    entry.ruled.errors_in_a_row = read_int(data, "/errors_in_a_row");
    entry.ruled.inconclusive_in_a_row = read_int(data, "/inconclusive_in_a_row");
    entry.ruled.decision = data.text("/decision");
    if (const auto& waited = data.at("/waited_seconds"); !waited.is_null()) {
        entry.ruled.waited = std::chrono::round<milliseconds>(
            std::chrono::duration<double>(std::clamp(waited.real(""), 0.0, longest_told))
        );
    }
    return entry;
}

Value to_value(const Cause& cause) {
    Value::Array pods;
    for (const auto& pod : cause.pods) {
        pods.push_back(Value::map({
            {"pod", pod.pod},
            {"container", pod.container},
            {"reason", pod.reason},
            {"detail", pod.detail},
            {"log", lines_value(pod.log)},
        }));
    }
    return Value::map({
        {"kind", cause.kind},
        {"headline", cause.headline},
        {"stage", cause.stage},
        {"subject", cause.subject},
        {"measured", cause.measured},
        {"limit", cause.limit},
        {"pods", std::move(pods)},
        {"notices", lines_value(cause.notices)},
        {"changes", lines_value(cause.changes)},
        {"later", lines_value(cause.later)},
    });
}

Cause read_cause(const Value& value) {
    Cause cause;
    cause.kind = value.text("/kind");
    cause.headline = value.text("/headline");
    cause.stage = value.text("/stage");
    cause.subject = value.text("/subject");
    cause.measured = value.text("/measured");
    cause.limit = value.text("/limit");
    std::ranges::transform(value.items("/pods"), std::back_inserter(cause.pods), read_trouble);
    cause.notices = read_lines(value.at("/notices"));
    cause.changes = read_lines(value.at("/changes"));
    cause.later = read_lines(value.at("/later"));
    return cause;
}

Value to_value(const Runner& runner) {
    auto value = Value::map({
        {"identity", runner.identity},
        {"host", runner.host},
        {"pid", runner.pid},
        {"pid_start", runner.pid_start},
        {"boot_id", runner.boot_id},
    });
    if (!runner.pid_namespace.empty()) {  // older ones do not tell
        value.set("/pid_namespace", runner.pid_namespace);
    }
    return value;
}

Runner read_runner(const Value& value) {
    return {
        value.text("/identity"),
        value.text("/host"),
        value.number("/pid"),
        value.number("/pid_start"),
        value.text("/boot_id"),
        value.text("/pid_namespace"),
    };
}

}  // namespace deployctl
