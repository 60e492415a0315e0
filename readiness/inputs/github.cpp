// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/github.hpp"

#include "readiness/inputs/paths.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool is_yaml_name(std::string_view path) {
    return path.ends_with(".yaml") || path.ends_with(".yml");
}

bool is_in_folder(std::string_view path, std::string_view folder) {
    const auto found = path.find(folder);
    return found == 0 || (found != path.npos && path[found - 1] == '/');
}

bool takes_workflow(const AssessedFile& file) {
    return is_yaml_name(file.path) && is_in_folder(file.path, ".github/workflows/");
}

bool takes_action(const AssessedFile& file) {
    const auto name = base_name(file.path);
    const bool is_named = name == "action.yml" || name == "action.yaml";
    return is_named && !file.tree.roots().empty() && file.tree.roots().front().at("runs").is_map();
}

bool takes_dependabot(const AssessedFile& file) {
    return file.path == ".github/dependabot.yml" || file.path == ".github/dependabot.yaml";
}

Subject subject_of(const AssessedFile& file, const Node& node, const Facts& facts) {
    Subject subject;
    subject.path = file.path;
    subject.name = base_name(file.path);
    subject.node = &node;
    subject.file = &file;
    subject.scope = &facts.repository();
    return subject;
}

void add_steps(const Subject& owner, const Node& steps, Facts& facts) {
    for (std::size_t at = 0; at < steps.items.size(); ++at) {
        const auto& step = steps.items[at];
        if (!step.is_map()) {
            continue;
        }
        auto subject = subject_of(*owner.file, step, facts);
        subject.kind = "workflow-step";
        const auto number = std::to_string(at + 1);
        subject.name = step.text_at("name", step.text_at("uses", step.text_at("id", number)));
        subject.path = owner.path + (owner.parent == nullptr ? " -> " : "/") + "step/" + number;
        subject.parent = &owner;
        facts.add(std::move(subject));
    }
}

void add_jobs(const Subject& workflow, Facts& facts) {
    for (const auto& [name, spot, job] : workflow.node->at("jobs").entries) {
        if (!job.is_map()) {
            continue;
        }
        auto subject = subject_of(*workflow.file, job, facts);
        subject.kind = "workflow-job";
        subject.name = name;
        subject.path += " -> job/" + std::string(name);
        subject.parent = &workflow;
        const auto& added = facts.add(std::move(subject));
        facts.relate(workflow, "jobs", added);
        add_steps(added, job.at("steps"), facts);
    }
}

void gather_workflows(FileList files, Facts& facts) {
    for (const auto* file : files) {
        if (file->tree.roots().empty() || !file->tree.roots().front().is_map()) {
            continue;
        }
        auto subject = subject_of(*file, file->tree.roots().front(), facts);
        subject.kind = "workflow";
        add_jobs(facts.add(std::move(subject)), facts);
    }
}

void gather_actions(FileList files, Facts& facts) {
    for (const auto* file : files) {
        auto subject = subject_of(*file, file->tree.roots().front(), facts);
        subject.kind = "composite-action";
        const auto& action = facts.add(std::move(subject));
        add_steps(action, action.node->at("runs/steps"), facts);
    }
}

void gather_dependabot(FileList files, Facts& facts) {
    for (const auto* file : files) {
        if (!file->tree.roots().empty()) {
            auto subject = subject_of(*file, file->tree.roots().front(), facts);
            subject.kind = "dependabot";
            facts.add(std::move(subject));
        }
    }
}

std::vector<Lost> lost_workflow(const AssessedFile& /*file*/) {
    return {{"workflow", 1}, {"workflow-job", 1}, {"workflow-step", 1}};
}

const std::array<Input, 3> inputs = {{
    {"github-workflow", "yaml", takes_workflow, gather_workflows, lost_workflow},
    {"github-action", "yaml", takes_action, gather_actions, nullptr},
    {"dependabot",
     "yaml",
     takes_dependabot,
     gather_dependabot,
     [](const AssessedFile& /*file*/) { return std::vector<Lost>{{"dependabot", 1}}; }},
}};

}  // namespace

std::span<const Input> github_inputs() {
    return inputs;
}

bool is_started_by(const Node& workflow, std::string_view event) {
    const auto& on = workflow.at("on");
    const bool is_listed =
        std::ranges::any_of(on.items, [&](const Node& one) { return one.text == event; });
    return is_listed || on.find(event) != nullptr || (on.is_scalar() && on.text == event);
}

}  // namespace deployctl::readiness
