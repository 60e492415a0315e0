// SPDX-License-Identifier: Apache-2.0
// What `assess` and its verbs have in common: the settings of the team, the rules, the folder, and
// the way from there to an assessment. Throws ConfigError with every mistake in assess.yaml and in
// rules, Error{usage} where something that was named is not there.
#pragma once

#include "cli/form.hpp"
#include "cli/session.hpp"
#include "readiness/assessing.hpp"
#include "readiness/reading.hpp"
#include "readiness/recorded.hpp"
#include "readiness/reports/summary.hpp"
#include "readiness/settings_reader.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

struct AssessScope {
    std::string path = ".";
    std::string settings;  ///< a file; empty: assess.yaml in the folder, where there is one
    std::string category;  ///< only its rules
    std::optional<int> minimum;
    bool live = false;
    bool no_waivers = false;
};

/// --settings, --category, --live, --no-waivers.
void add_scope_options(Form& form, AssessScope& scope);

/// What an assessment is made of, read and not judged yet.
struct AssessedFolder {
    AssessScope scope;
    readiness::LoadedSettings settings;
    readiness::ReadTree read;
    std::vector<readiness::RuleFile> rules;  ///< their texts
};

AssessedFolder read_folder(const AssessScope& scope, const std::string& environment);
/// What overlays and charts in this folder are rendered with.
readiness::RenderTools render_tools(Process& process, const std::string& folder);
/// Takes the folder's settings; the cluster is not asked.
readiness::AssessmentOrder order_of(AssessedFolder& folder, Process& process, Clock& clock);
readiness::Assessment assess(Session& session, AssessedFolder folder);
readiness::Assessment assess(Session& session, const AssessScope& scope);
std::shared_ptr<const readiness::RulePack> rules_for(const AssessScope& scope);
readiness::ReportHead report_head(Session& session);

/// Of a file that a person has named; `what` says what it is: "the report".
std::string read_named_file(const std::string& path, const char* what, std::size_t most_bytes);
readiness::Recorded read_baseline(const std::string& path);

}  // namespace deployctl::cli
