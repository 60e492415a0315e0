// SPDX-License-Identifier: Apache-2.0
#include "cli/folder_assessor.hpp"

#include "cli/version.hpp"
#include "documents/json.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/system/disk_tree.hpp"
#include "readiness/assessing.hpp"
#include "readiness/inputs/yaml_language.hpp"
#include "readiness/reports/assessment_json.hpp"
#include "readiness/settings_reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace deployctl::cli {

namespace {

constexpr std::size_t most_bytes = 4U << 20U;
constexpr auto settings_name = "assess.yaml";

/// "assess.yaml:2:1: unknown key `waiver`"; empty where nothing is wrong.
std::string first_mistake(const Diagnostics& diagnostics) {
    for (const auto& one : diagnostics) {
        if (one.severity == Severity::error) {
            return one.place.file + ":" + std::to_string(one.place.line) + ":" +
                   std::to_string(one.place.column) + ": " + one.message;
        }
    }
    return "";
}

struct Prepared {
    readiness::AssessmentOrder order;
    std::string failure;
};

void read_settings(const SourceTree& tree, Prepared& prepared, std::vector<std::string>& rules) {
    const auto text = tree.read(settings_name, most_bytes);
    if (text.kind == SourceText::Kind::too_large) {
        prepared.failure = "assess.yaml is larger than 4 MiB";
    }
    if (text.kind != SourceText::Kind::read) {
        return;
    }
    auto loaded = readiness::read_settings(text.text, settings_name);
    prepared.failure = first_mistake(loaded.diagnostics);
    prepared.order.settings = std::move(loaded.settings);
    rules = std::move(loaded.rule_files);
}

void read_rules(const SourceTree& tree, const std::vector<std::string>& names, Prepared& prepared) {
    auto files = readiness::own_rule_files();
    for (const auto& name : names) {
        auto text = tree.read(name, most_bytes);
        if (text.kind != SourceText::Kind::read) {
            prepared.failure = "the rules of " + name + " cannot be read: " + text.failure;
            return;
        }
        files.push_back({name, std::move(text.text)});
    }
    auto pack = std::make_shared<readiness::RulePack>(readiness::read_rules(files));
    prepared.failure = first_mistake(pack->diagnostics);
    prepared.order.pack = std::move(pack);
}

/// The folder's own settings count, be they there or not; a settings file that is there and cannot
/// be opened is seen by the walk, and by the coverage.
Prepared prepare(const SourceTree& tree) {
    Prepared prepared;
    std::vector<std::string> rules;
    if (const auto root = tree.list(""); !root.failure.empty()) {
        prepared.failure = root.failure;
        return prepared;
    }
    read_settings(tree, prepared, rules);
    if (prepared.failure.empty()) {
        read_rules(tree, rules, prepared);
    }
    return prepared;
}

}  // namespace

readiness::RenderTools render_tools(Process& process, const std::string& folder) {
    readiness::RenderTools tools;
    tools.process = &process;
    std::error_code failure;
    tools.base = std::filesystem::absolute(folder, failure).lexically_normal().string();
    tools.kubectl = plugins::find_program("kubectl");
    tools.helm = plugins::find_program("helm");
    tools.read = readiness::yaml_language().read;
    return tools;
}

Task<AssessorAnswer> FolderAssessor::assess(AssessorQuestion question) {
    const plugins::DiskTree tree(question.folder);
    auto prepared = prepare(tree);
    AssessorAnswer answer;
    if (!prepared.failure.empty()) {
        answer.failure = prepared.failure;
        co_return answer;
    }
    prepared.order.settings.environment = question.environment;
    prepared.order.tools = render_tools(process_, question.folder);
    prepared.order.now = clock_.now();
    auto assessing = readiness::assess(&tree, std::move(prepared.order));
    const auto assessment = co_await std::move(assessing);
    const readiness::ReportHead head{"", question.environment, version_number(), clock_.now()};
    answer.report = documents::write_json(readiness::to_value(assessment, head));
    co_return answer;
}

}  // namespace deployctl::cli
