// SPDX-License-Identifier: Apache-2.0
// The assessor that a gate asks: the folder as `deployctl assess` takes it, with the settings that
// lie in it. Never throws; what is wrong is an answer in words. Engine's thread.
#pragma once

#include "ports/assessor.hpp"
#include "ports/clock.hpp"
#include "ports/process.hpp"

namespace deployctl::cli {

class FolderAssessor final : public Assessor {
public:
    FolderAssessor(Process& process, Clock& clock) : process_(process), clock_(clock) {}

    Task<AssessorAnswer> assess(AssessorQuestion question) override;

private:
    Process& process_;
    Clock& clock_;
};

}  // namespace deployctl::cli
