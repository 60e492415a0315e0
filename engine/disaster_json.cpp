// SPDX-License-Identifier: Apache-2.0
// Words, JSON and events of a failover, there and back.
#include "engine/disaster.hpp"
#include "model/error.hpp"
#include "model/named.hpp"

#include <array>
#include <cmath>

namespace deployctl::engine {

namespace {

constexpr std::array exercises{Exercise::drill, Exercise::failover, Exercise::failback};
constexpr std::array steps{
    DisasterStep::age,
    DisasterStep::approval,
    DisasterStep::hold,
    DisasterStep::open,
    DisasterStep::infra,
    DisasterStep::release,
    DisasterStep::restore,
    DisasterStep::promote,
    DisasterStep::traffic,
    DisasterStep::verify,
};
constexpr std::array outcomes{
    StageOutcome::done, StageOutcome::failed, StageOutcome::skipped, StageOutcome::paused
};

template <class T>
T known(const std::optional<T>& word, const std::string& text) {
    if (!word) {
        throw Error(
            ExitCode::state_unreadable,
            "the journal holds a failover with a word that this deployctl does not know: " + text,
            "go on with the deployctl that began it"
        );
    }
    return *word;
}

Value to_value(const DisasterStage& stage) {
    return Value::map({
        {"step", to_text(stage.step)},
        {"environment", stage.environment},
        {"run", lines_value(stage.run)},
        {"timeout_seconds", in_seconds(stage.timeout)},
        {"script_hash", stage.script_hash},
    });
}

Duration read_seconds(const Value& value, const Pointer& place) {
    return Duration(std::llround(value.real(place) * 1e6));
}

DisasterStage read_stage(const Value& value) {
    DisasterStage stage;
    stage.step = known(read_disaster_step(value.text("/step")), value.text("/step"));
    stage.environment = value.text("/environment");
    stage.run = read_lines(value.at("/run"));
    stage.timeout = read_seconds(value, "/timeout_seconds");
    stage.script_hash = value.text("/script_hash");
    return stage;
}

Value to_value(const std::optional<LastBackup>& backup) {
    if (!backup) {
        return {};
    }
    return Value::map({
        {"id", backup->id},
        {"artifact", backup->artifact},
        {"at", to_rfc3339(backup->at)},
    });
}

Value seconds_or_null(const std::optional<Duration>& span) {
    return span ? Value(in_seconds(*span)) : Value();
}

Value place_of(const DisasterPlan& plan, std::size_t stage) {
    return Value::map({
        {"stage", stage},
        {"step", to_text(plan.stages[stage].step)},
        {"environment", plan.stages[stage].environment},
    });
}

}  // namespace

const char* to_text(Exercise exercise) {
    switch (exercise) {
        case Exercise::drill: return "drill";
        case Exercise::failover: return "failover";
        case Exercise::failback: return "failback";
    }
    return "";
}

std::optional<Exercise> read_exercise(std::string_view text) {
    return read_name(text, exercises);
}

std::string kind_of(Exercise exercise) {
    return std::string("dr.") + to_text(exercise);
}

const char* to_text(DisasterStep step) {
    switch (step) {
        case DisasterStep::age: return "age";
        case DisasterStep::approval: return "approval";
        case DisasterStep::hold: return "hold";
        case DisasterStep::open: return "open";
        case DisasterStep::infra: return "infra";
        case DisasterStep::release: return "release";
        case DisasterStep::restore: return "restore";
        case DisasterStep::promote: return "promote";
        case DisasterStep::traffic: return "traffic";
        case DisasterStep::verify: return "verify";
    }
    return "";
}

std::optional<DisasterStep> read_disaster_step(std::string_view text) {
    return read_name(text, steps);
}

const char* to_text(StageOutcome outcome) {
    switch (outcome) {
        case StageOutcome::done: return "done";
        case StageOutcome::failed: return "failed";
        case StageOutcome::skipped: return "skipped";
        case StageOutcome::paused: return "paused";
    }
    return "";
}

std::optional<StageOutcome> read_stage_outcome(std::string_view text) {
    return read_name(text, outcomes);
}

Value to_value(const DisasterPlan& plan) {
    Value::Array stages;
    for (const auto& stage : plan.stages) {
        stages.push_back(to_value(stage));
    }
    return Value::map({
        {"schema", 1},
        {"exercise", to_text(plan.exercise)},
        {"app", plan.app},
        {"from", plan.from},
        {"to", plan.to},
        {"version", plan.version},
        {"digest", plan.digest},
        {"rto_target_seconds", in_seconds(plan.targets.rto)},
        {"rpo_target_seconds", in_seconds(plan.targets.rpo)},
        {"approval", plan.approval},
        {"database", plan.database},
        {"stack", plan.stack},
        {"backup", to_value(plan.backup)},
        {"stages", std::move(stages)},
    });
}

DisasterPlan read_disaster_plan(const Value& value) {
    DisasterPlan plan;
    plan.exercise = known(read_exercise(value.text("/exercise")), value.text("/exercise"));
    plan.app = value.text("/app");
    plan.from = value.text("/from");
    plan.to = value.text("/to");
    plan.version = value.text("/version");
    plan.digest = value.text("/digest");
    plan.targets.rto = read_seconds(value, "/rto_target_seconds");
    plan.targets.rpo = read_seconds(value, "/rpo_target_seconds");
    plan.approval = value.text("/approval");
    plan.database = value.text("/database");
    plan.stack = value.text("/stack");
    if (const auto& backup = value.at("/backup"); backup.is_object()) {
        plan.backup = LastBackup{
            backup.text("/id"),
            backup.text("/artifact"),
            read_rfc3339(backup.text("/at")).value_or(WallTime()),
        };
    }
    for (const auto& stage : value.items("/stages")) {
        plan.stages.push_back(read_stage(stage));
    }
    return plan;
}

OperationEvent stage_started(const DisasterPlan& plan, std::size_t stage) {
    OperationEvent event;
    event.type = stage_started_event;
    event.data = place_of(plan, stage);
    return event;
}

OperationEvent stage_ended(const DisasterPlan& plan, std::size_t stage, const StageEnd& end) {
    OperationEvent event;
    event.type = stage_ended_event;
    event.data = place_of(plan, stage);
    event.data.set("/outcome", to_text(end.outcome));
    event.data.set("/detail", end.detail);
    event.data.set("/seconds", in_seconds(end.took));
    event.data.set("/evidence", end.evidence);
    return event;
}

Value to_value(const DisasterFigures& figures, const DisasterPlan& plan) {
    return Value::map({
        {"rto_seconds", seconds_or_null(figures.rto)},
        {"rto_target_seconds", in_seconds(plan.targets.rto)},
        {"rto_met", figures.rto_met},
        {"rpo_seconds", seconds_or_null(figures.rpo)},
        {"rpo_target_seconds", in_seconds(plan.targets.rpo)},
        {"rpo_met", figures.rpo_met},
    });
}

}  // namespace deployctl::engine
