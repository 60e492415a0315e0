// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_codes.hpp"

namespace deployctl::cli {

const std::vector<ExitMeaning>& exit_meanings() {
    static const std::vector<ExitMeaning> all{
        {ExitCode::done, "done", "done and verified, or nothing to do"},
        {ExitCode::internal_error,
         "internal",
         "internal error: a bug; the path of a report is printed. Or: the standard output could "
         "not "
         "be written"},
        {ExitCode::usage, "usage", "the command line or the configuration is wrong"},
        {ExitCode::changes_pending, "changes", "`plan --exit-code`: there is something to change"},
        {ExitCode::blocked, "blocked", "blocked before anything was changed"},
        {ExitCode::paused, "paused", "paused: somebody has to decide"},
        {ExitCode::rolled_back, "rolled-back", "failed and rolled back; the old version is verified"
        },
        {ExitCode::not_rolled_back, "not-rolled-back", "failed and NOT rolled back: page someone"},
        {ExitCode::stopped_watching,
         "stopped",
         "stopped watching; the rollout is recorded and can be resumed"},
        {ExitCode::locked, "locked", "another rollout has the lock"},
        {ExitCode::tool_missing,
         "missing",
         "a tool or an endpoint is missing, before anything was started"},
        {ExitCode::state_unreadable,
         "state",
         "the journal cannot be read or written, or contradicts itself"},
        {ExitCode::assessment_incomplete, "incomplete", "something could not be assessed"},
        {ExitCode::interrupted, "interrupted", "interrupted before anything was started"},
        {ExitCode::terminated, "terminated", "terminated before anything was started"},
    };
    return all;
}

const char* word_of(ExitCode code) {
    for (const auto& row : exit_meanings()) {
        if (row.code == code) {
            return row.word;
        }
    }
    return "error";
}

}  // namespace deployctl::cli
