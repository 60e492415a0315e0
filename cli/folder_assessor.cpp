// SPDX-License-Identifier: Apache-2.0
#include "cli/folder_assessor.hpp"

#include "cli/assessing.hpp"
#include "cli/version.hpp"
#include "documents/json.hpp"
#include "readiness/reports/assessment_json.hpp"

#include <optional>
#include <utility>

namespace deployctl::cli {

namespace {

/// "assess.yaml:2:1: unknown key `waiver`"
std::string first_mistake(const ConfigError& mistakes) {
    for (const auto& one : mistakes.diagnostics()) {
        if (one.severity == Severity::error) {
            return one.place.file + ":" + std::to_string(one.place.line) + ":" +
                   std::to_string(one.place.column) + ": " + one.message;
        }
    }
    return mistakes.what();
}

struct Prepared {
    std::optional<AssessedFolder> folder;
    readiness::AssessmentOrder order;
    std::string failure;
};

Prepared prepare(const AssessorQuestion& question, Process& process, Clock& clock) {
    Prepared prepared;
    AssessScope scope;
    scope.path = question.folder;
    // A folder that cannot be assessed is no reason to end a rollout: the gate has no answer.
    try {
        prepared.folder = read_folder(scope, question.environment);
        prepared.order = order_of(*prepared.folder, process, clock);
    } catch (const ConfigError& mistakes) {
        prepared.failure = first_mistake(mistakes);
    } catch (const Error& error) {
        prepared.failure = error.what();
    }
    return prepared;
}

}  // namespace

Task<AssessorAnswer> FolderAssessor::assess(AssessorQuestion question) {
    AssessorAnswer answer;
    auto prepared = prepare(question, process_, clock_);
    if (!prepared.failure.empty()) {
        answer.failure = std::move(prepared.failure);
        co_return answer;
    }
    auto assessing = readiness::assess(std::move(prepared.folder->read), std::move(prepared.order));
    const auto assessment = co_await std::move(assessing);
    const readiness::ReportHead head{"", question.environment, version_number(), clock_.now()};
    answer.report = documents::write_json(readiness::to_value(assessment, head));
    co_return answer;
}

}  // namespace deployctl::cli
