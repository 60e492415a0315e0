// SPDX-License-Identifier: Apache-2.0
// A failover, drill or failback that is run in this process, stage by stage: each is written down
// before it begins and after it has ended. One that was cut off is gone on with from there.
#pragma once

#include "cli/running.hpp"
#include "cli/session.hpp"
#include "engine/disaster.hpp"

#include <vector>

namespace deployctl::cli {

class DisasterRun {
public:
    /// `operation` is begun, and this runner's.
    DisasterRun(
        Session& session,
        Configuration configuration,
        RunChoices choices,
        Operation operation,
        engine::DisasterPlan plan
    );

    /// From the first stage that is not done to the end, or to one that fails or waits for people.
    ExitCode run();

private:
    engine::StageEnd perform(const engine::DisasterStage& stage);
    engine::StageEnd tell_age(const engine::DisasterStage& stage);
    engine::StageEnd ask_people();
    engine::StageEnd hold(const engine::DisasterStage& stage);
    engine::StageEnd open(const engine::DisasterStage& stage);
    engine::StageEnd check_stack(const engine::DisasterStage& stage);
    engine::StageEnd restore(const engine::DisasterStage& stage);
    engine::StageEnd run_program(const engine::DisasterStage& stage, std::string* output);
    engine::StageEnd run_stage(std::size_t number);
    std::string lock_reason() const;
    void note(const OperationEvent& event);
    ExitCode stop_at(std::size_t number, const engine::StageEnd& end);
    ExitCode conclude();
    void end_as(OperationState state, const std::string& reason);

    Session& session_;
    Configuration configuration_;
    RunChoices choices_;
    Operation operation_;
    engine::DisasterPlan plan_;
};

/// Exit 9 where somebody runs it, or may.
void need_silent_runner(Session& session, const RunChoices& choices, const Operation& operation);

}  // namespace deployctl::cli
