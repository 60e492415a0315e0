// SPDX-License-Identifier: Apache-2.0
// The assessor that a gate asks: the folder as `deployctl assess` takes it, with the settings that
// lie in it. Never throws; what is wrong is an answer in words. Each assessment has a thread of its
// own and answers on the engine's, so that a large folder holds up no look, no signal and no lock.
// One that is cancelled answers at once; its programs end with it, and its thread at the latest
// with this object.
#pragma once

#include "ports/assessor.hpp"

#include <memory>
#include <vector>

namespace deployctl::cli {

class FolderAssessor final : public Assessor {
public:
    FolderAssessor();
    ~FolderAssessor() override;

    Task<AssessorAnswer> assess(AssessorQuestion question) override;

private:
    class Assessing;

    std::vector<std::unique_ptr<Assessing>> begun_;
};

}  // namespace deployctl::cli
