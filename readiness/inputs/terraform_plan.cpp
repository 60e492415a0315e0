// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_plan.hpp"

#include "readiness/inputs/terraform_owners.hpp"

#include <map>
#include <re2/re2.h>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;

constexpr int deepest_module = 16;

/// By the addresses of resources: what is known only after the apply.
using Unknowns = std::map<std::string_view, const Node*>;

class PlanGathering {
public:
    PlanGathering(const AssessedFile& file, documents::Tree& tree, Facts& facts)
        : file_(file), tree_(tree), facts_(facts), scope_(facts.add(Scope{file.path, {}})) {}

    void run() {
        const auto& root = file_.tree.roots().front();
        for (const auto& change : root.at("resource_changes").items) {
            unknowns_[change.text_at("address")] = &change.at("change/after_unknown");
        }
        add_module(root.at("planned_values/root_module"), 0);
    }

private:
    void add_module(const Node& module, int depth) {
        for (const auto& resource : module.at("resources").items) {
            add_resource(resource);
        }
        for (const auto& child : module.at("child_modules").items) {
            if (depth < deepest_module) {
                add_module(child, depth + 1);
            }
        }
    }

    void add_resource(const Node& resource) {
        const auto address = resource.text_at("address");
        const auto found = unknowns_.find(address);
        const Node values = found == unknowns_.end()
                                ? resource.at("values")
                                : with_unknown(resource.at("values"), *found->second);
        const bool is_data = resource.text_at("mode") == "data";
        Subject subject;
        subject.kind = is_data ? "tf:data:" : "tf:";
        subject.kind += resource.text_at("type");
        subject.name = resource.text_at("name");
        subject.path = file_.path + " -> " + std::string(address);
        subject.file = &file_;
        subject.scope = &scope_;
        subject.node = tree_.list(resource.spot, {values}).items.data();
        file_by_owner(facts_.add(std::move(subject)), facts_);
    }

    Node after_apply(const Node& where) const {
        return tree_.scalar(where.spot, "known after the apply", NodeKind::unknown);
    }

    /// The same shape twice: `true` in the second is what is missing in the first.
    Node with_unknown(const Node& values, const Node& unknown) {
        if (unknown.kind == NodeKind::plain && unknown.text == "true") {
            return after_apply(unknown);
        }
        if (unknown.is_map() && (values.is_map() || !values.exists())) {
            return map_with_unknown(values, unknown);
        }
        if (unknown.is_list() && values.is_list()) {
            std::vector<Node> items(values.items.begin(), values.items.end());
            for (std::size_t at = 0; at < items.size() && at < unknown.items.size(); ++at) {
                items[at] = with_unknown(items[at], unknown.items[at]);
            }
            return tree_.list(values.spot, items);
        }
        return values;
    }

    Node map_with_unknown(const Node& values, const Node& unknown) {
        std::vector<NodeEntry> entries(values.entries.begin(), values.entries.end());
        for (const auto& entry : unknown.entries) {
            const auto* const known = values.find(entry.key);
            const Node value = with_unknown(known == nullptr ? Node() : known->value, entry.value);
            entries.push_back({entry.key, entry.spot, value});
        }
        return tree_.map(values.spot, entries);
    }

    const AssessedFile& file_;
    documents::Tree& tree_;
    Facts& facts_;
    const Scope& scope_;
    Unknowns unknowns_;
};

bool takes(const AssessedFile& file) {
    if (!file.path.ends_with(".json")) {
        return false;
    }
    if (!file.trouble.what.empty()) {
        return file.tree.source().find("\"planned_values\"") != std::string_view::npos;
    }
    const auto& roots = file.tree.roots();
    return roots.size() == 1 && roots.front().at("planned_values").is_map() &&
           roots.front().at("format_version").is_scalar();
}

void gather(FileList files, Facts& facts) {
    if (files.empty()) {
        return;
    }
    AssessedFile made;
    made.path = "terraform-plan";
    made.kind = "terraform-values";
    made.rendering = "terraform-plan";
    auto& tree = facts.add(std::move(made)).tree;
    for (const auto* file : files) {
        PlanGathering(*file, tree, facts).run();
    }
}

std::vector<Lost> lost(const AssessedFile& file) {
    static const RE2 type("\"type\"\\s*:\\s*\"([a-z0-9_]+)\"");
    std::map<std::string, int, std::less<>> counts;
    re2::StringPiece rest(file.tree.source().data(), file.tree.source().size());
    std::string name;
    while (RE2::FindAndConsume(&rest, type, &name)) {
        ++counts["tf:" + name];
    }
    return lost_of(counts);
}

}  // namespace

Input terraform_plan_input() {
    return {"terraform-plan", "yaml", takes, gather, lost};
}

}  // namespace deployctl::readiness
