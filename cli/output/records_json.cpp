// SPDX-License-Identifier: Apache-2.0
#include "cli/output/records_json.hpp"

#include "engine/estimate.hpp"
#include "engine/plan_json.hpp"
#include "model/journal.hpp"

namespace deployctl::cli {

namespace {

Value exit_or_null(const std::optional<ExitCode>& exit) {
    return exit ? Value(static_cast<int>(*exit)) : Value();
}

Value steps_value(const std::vector<Step>& steps) {
    Value::Array list;
    for (const auto& step : steps) {
        list.push_back(Value::map(
            {{"stage", step.stage},
             {"action", to_text(step.action)},
             {"gates", lines_value(step.gates)}}
        ));
    }
    return list;
}

Value weights_value(const std::vector<WeightRow>& weights) {
    Value::Array list;
    for (const auto& row : weights) {
        list.push_back(Value::map({
            {"asked_percent", row.asked},
            {"achieved_percent", row.achieved},
            {"stable_pods", row.stable},
            {"candidate_pods", row.candidate},
            {"baseline_pods", row.baseline},
        }));
    }
    return list;
}

Value estimate_value(const engine::Estimate& estimate) {
    const auto whole = [](Duration duration) {
        return std::chrono::round<std::chrono::seconds>(duration).count();
    };
    return Value::map({
        {"seconds", whole(estimate.total())},
        {"hold_seconds", whole(estimate.holds)},
        {"drain_seconds", whole(estimate.drains)},
        {"gate_seconds", whole(estimate.gates)},
        {"pod_seconds", whole(estimate.pods)},
    });
}

}  // namespace

Value time_or_null(const std::optional<WallTime>& time) {
    return time ? Value(to_rfc3339(*time)) : Value();
}

Value to_value_or_null(const std::optional<Cause>& cause) {
    return cause ? to_value(*cause) : Value();
}

Value to_value(const RolloutRecord& rollout) {
    return Value::map({
        {"id", rollout.id},
        {"number", rollout.number},
        {"app", rollout.target.app},
        {"environment", rollout.target.environment},
        {"namespace", rollout.target.kube_namespace},
        {"cluster_uid", rollout.target.cluster_uid},
        {"context", rollout.context},
        {"strategy", to_text(rollout.strategy)},
        {"state", to_text(rollout.state)},
        {"direction", to_text(rollout.direction)},
        {"step", rollout.step},
        {"previous_version", rollout.previous_version},
        {"next_version", rollout.next_version},
        {"digest", rollout.digest},
        {"plan_hash", rollout.plan_hash},
        {"initiator", rollout.initiator},
        {"reason", rollout.reason},
        {"runner", to_value(rollout.owner)},
        {"started", to_rfc3339(rollout.started)},
        {"ended", time_or_null(rollout.ended)},
        {"end_reason", rollout.end_reason},
        {"exit", exit_or_null(rollout.exit)},
    });
}

Value to_value(const engine::PlanSight& sight) {
    Value::Array holds;
    for (const auto& [gate, hold] : sight.holds) {
        holds.push_back(Value::map({
            {"gate", gate},
            {"stage", hold.planned.stage},
            {"share", hold.planned.share},
            {"hold_seconds", in_seconds(hold.planned.hold)},
            {"requests", hold.requests},
            {"base_rate", hold.base_rate},
            {"smallest_ratio", number_or_null(hold.ratio)},
            {"text", hold.text},
            {"help", hold.help},
        }));
    }
    return Value::map({{"holds", std::move(holds)}, {"unknown", lines_value(sight.unknown)}});
}

Value outline_of(const engine::PlanDraft& draft) {
    const auto& plan = draft.plan;
    return Value::map({
        {"hash", engine::hash_of(plan)},
        {"app", plan.target.app},
        {"environment", plan.target.environment},
        {"namespace", plan.target.kube_namespace},
        {"strategy", to_text(plan.strategy)},
        {"workload", plan.workload},
        {"container", plan.container},
        {"previous_image", plan.release.previous_image},
        {"image", plan.release.image},
        {"tag", plan.release.tag},
        {"digest", plan.release.digest},
        {"changes", lines_value(plan.release.changes)},
        {"weights", weights_value(plan.course.weights)},
        {"steps", steps_value(plan.course.steps)},
        {"way_back", steps_value(plan.way_back)},
        {"estimate", estimate_value(engine::estimate_of(plan, plan.course.steps))},
        {"estimate_back", estimate_value(engine::estimate_of(plan, plan.way_back))},
        {"no_change", draft.is_no_change},
        {"refusals", lines_value(draft.refusals)},
        {"warnings", lines_value(draft.warnings)},
    });
}

}  // namespace deployctl::cli
