// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/gitlab.hpp"

#include "readiness/inputs/paths.hpp"
#include "readiness/recognition.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;

constexpr int deepest = 11;  ///< GitLab itself allows as many levels of `extends`
/// A job has some thirty keys; more, or more templates, are nobody's pipeline.
constexpr std::size_t most_keys = 64;
constexpr int most_templates = 100;

constexpr std::array<std::string_view, 11> no_jobs = {
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "spec"
};

bool takes(const AssessedFile& file) {
    const bool is_yaml = file.path.ends_with(".yml") || file.path.ends_with(".yaml");
    return is_yaml && (base_name(file.path).find("gitlab-ci") != std::string_view::npos ||
                       file.path.starts_with(".gitlab/ci/"));
}

/// The last document: the first may be a header of inputs.
const Node* pipeline_of(const AssessedFile& file) {
    const auto& roots = file.tree.roots();
    return roots.empty() || !roots.back().is_map() ? nullptr : &roots.back();
}

bool is_job(const NodeEntry& entry) {
    return entry.value.is_map() && !entry.key.starts_with('.') &&
           std::ranges::find(no_jobs, entry.key) == no_jobs.end();
}

class Jobs {
public:
    Jobs(const Node& pipeline, documents::Tree& tree) : pipeline_(pipeline), tree_(tree) {}

    /// With all that it takes over; its own keys win.
    Node whole(const Node& job) {
        taken_ = 0;
        std::vector<NodeEntry> entries;
        for (const auto& entry : pipeline_.at("default").entries) {
            put(entries, entry);
        }
        for (const auto* const key : {"image", "services", "before_script", "after_script"}) {
            if (const auto* global = pipeline_.find(key)) {
                put(entries, *global);
            }
        }
        take(job, entries, 0);
        return tree_.map(job.spot, entries);
    }

private:
    static void put(std::vector<NodeEntry>& entries, const NodeEntry& entry) {
        const auto found = std::ranges::find(entries, entry.key, &NodeEntry::key);
        if (found == entries.end() && entries.size() < most_keys) {
            entries.push_back(entry);
        } else if (found != entries.end()) {
            *found = entry;
        }
    }

    void take(const Node& job, std::vector<NodeEntry>& entries, int depth) {
        const auto& extends = job.at("extends");
        const std::span<const Node> alone(&extends, 1);
        for (const auto& name : extends.is_list() ? extends.items : alone) {
            const auto* base = name.is_scalar() ? pipeline_.find(name.text) : nullptr;
            if (base != nullptr && depth < deepest && taken_ < most_templates) {
                ++taken_;
                take(base->value, entries, depth + 1);
            }
        }
        for (const auto& entry : job.entries) {
            put(entries, entry);
        }
    }

    const Node& pipeline_;
    documents::Tree& tree_;
    int taken_ = 0;
};

void add_jobs(const Subject& pipeline, documents::Tree& tree, Facts& facts) {
    Jobs jobs(*pipeline.node, tree);
    const auto first = tree.roots().size();
    for (const auto& entry : pipeline.node->entries) {
        if (is_job(entry)) {
            tree.add_root(jobs.whole(entry.value));
        }
    }
    auto at = first;
    for (const auto& entry : pipeline.node->entries) {
        if (!is_job(entry)) {
            continue;
        }
        Subject subject;
        subject.kind = "gitlab-job";
        subject.name = entry.key;
        subject.path = pipeline.path + " -> job/" + std::string(entry.key);
        subject.node = &tree.roots()[at++];
        subject.file = pipeline.file;
        subject.parent = &pipeline;
        subject.scope = &facts.repository();
        facts.relate(pipeline, "jobs", facts.add(std::move(subject)));
    }
}

void gather(FileList files, Facts& facts) {
    for (const auto* file : files) {
        const auto* pipeline = pipeline_of(*file);
        if (pipeline == nullptr) {
            continue;
        }
        Subject subject;
        subject.kind = "gitlab-ci";
        subject.name = base_name(file->path);
        subject.path = file->path;
        subject.node = pipeline;
        subject.file = file;
        subject.scope = &facts.repository();
        const auto& added = facts.add(std::move(subject));
        // Nothing is added to this tree later: its roots stay where they are.
        AssessedFile made;
        made.path = file->path;
        made.kind = unrecognised;  // it counts for nothing that was read
        made.rendering = "jobs";
        add_jobs(added, facts.add(std::move(made)).tree, facts);
    }
}

std::vector<Lost> lost(const AssessedFile& /*file*/) {
    return {{"gitlab-ci", 1}, {"gitlab-job", 1}};
}

}  // namespace

Input gitlab_input() {
    return {"gitlab-ci", "yaml", takes, gather, lost};
}

}  // namespace deployctl::readiness
