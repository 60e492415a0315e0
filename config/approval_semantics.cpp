// SPDX-License-Identifier: Apache-2.0
#include "config/approval_semantics.hpp"

#include "config/entries.hpp"
#include "config/spelling.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <set>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlNode;

void add_people(
    std::vector<std::string>& people, const std::vector<std::string>& roles, const RolesByName& all
) {
    for (const auto& role : roles) {
        const auto found = all.find(role);
        const auto members = found == all.end() ? Role{} : found->second;
        for (const auto& person : members.people) {
            if (std::ranges::count(people, person) == 0) {
                people.push_back(person);
            }
        }
    }
}

class ApprovalMeaning {
public:
    ApprovalMeaning(const Configuration& configuration, const YamlNode& root, Report& report)
        : configuration_(configuration), root_(root), report_(report) {}

    void check() {
        check_strategies();
        check_environments();
        check_stacks();
        check_override();
        check_roles();
        check_people();
    }

private:
    void check_strategies() {
        const auto* strategies = root_.find("strategies");
        if (strategies == nullptr) {
            return;
        }
        if (const auto* both = strategies->value.find("blue-green")) {
            check_name(both->value, "strategies.blue-green.approval");
        }
        const auto* canary = strategies->value.find("canary");
        const auto* steps = canary == nullptr ? nullptr : canary->value.find("steps");
        if (steps == nullptr) {
            return;
        }
        int number = 0;
        for (const auto& step : steps->value.items) {
            check_step(step, ++number);
        }
    }

    void check_step(const YamlNode& step, int number) {
        if (step.kind != documents::YamlKind::map) {
            return;  // said already
        }
        const auto* approval = step.find("approval");
        const auto* weight = step.find("weight");
        const auto* hold = step.find("hold");
        const auto name = "step " + std::to_string(number) + " of `steps`";
        if (approval == nullptr && weight == nullptr) {
            auto& wrong = report_.add("C1009", name + " has no `weight`", step.place);
            wrong.help = "write `weight: 10`, or `approval: NAME`";
            wrong.docs = "strategies.canary.steps";
        }
        if (approval != nullptr && (weight != nullptr || hold != nullptr)) {
            const auto& other = weight == nullptr ? *hold : *weight;
            auto& wrong = report_.add(
                "C1090", name + " waits for people, and has a `" + other.key + "`", other.place
            );
            wrong.help = "make two steps of it: `{approval: " + approval->value.text + "}` is one";
            wrong.docs = "strategies.canary.steps.approval";
        }
        check_name(step, "strategies.canary.steps.approval");
        check_environment_names(step);
    }

    void check_environment_names(const YamlNode& step) {
        const auto* only = step.find("only");
        if (only == nullptr) {
            return;
        }
        for (const auto& name : only->value.items) {
            if (name.is_scalar() && !configuration_.environments.contains(name.text)) {
                auto& wrong =
                    report_.add("C1092", "there is no environment `" + name.text + "`", name.place);
                wrong.help = "write one of `environments`";
                wrong.docs = "strategies.canary.steps.only";
            }
        }
    }

    void check_override() {
        const auto* freeze = root_.find("freeze");
        const auto* override = freeze == nullptr ? nullptr : freeze->value.find("override");
        if (override != nullptr) {
            check_name(override->value, "freeze.override.approval");
            check_role_names(override->value, "freeze.override.roles");
            check_has_people(override->value, "the override", "freeze.override.people");
        }
    }

    void check_roles() {
        if (const auto* roles = root_.find("roles")) {
            for (const auto& role : roles->value.entries) {
                check_has_people(role.value, "role `" + role.key + "`", "roles.people");
            }
        }
        if (const auto* approvals = root_.find("approvals")) {
            for (const auto& approval : approvals->value.entries) {
                check_role_names(approval.value, "approvals.roles");
                const auto name = "approval `" + approval.key + "`";
                check_has_people(approval.value, name, "approvals.people");
            }
        }
    }

    void check_role_names(const YamlNode& owner, const char* docs) {
        const auto* list = owner.find("roles");
        if (list == nullptr) {
            return;
        }
        for (const auto& name : list->value.items) {
            if (name.is_scalar() && !configuration_.roles.contains(name.text)) {
                auto& wrong =
                    report_.add("C1096", "there is no role `" + name.text + "`", name.place);
                const auto near = closest(name.text, names_of(configuration_.roles));
                wrong.help = near ? "write `" + std::string(*near) + "`"
                                  : "define it: `roles: {" + name.text + ": {people: [ada]}}`";
                wrong.docs = docs;
            }
        }
    }

    /// Without `people` everybody may: an empty list must not come to that.
    void check_has_people(const YamlNode& owner, const std::string& name, const char* docs) {
        const auto* people = owner.find("people");
        if (people != nullptr && people->value.kind == documents::YamlKind::list &&
            people->value.items.empty()) {
            auto& wrong = report_.add("C1095", name + " names nobody", people->place);
            wrong.help = "name somebody, or take `people` out";
            wrong.docs = docs;
        }
    }

    void check_environments() {
        const auto* environments = root_.find("environments");
        if (environments == nullptr) {
            return;
        }
        for (const auto& environment : environments->value.entries) {
            check_name(environment.value, "environments.approval");
            check_early(environment.value.find("preflight"));
        }
    }

    void check_stacks() {
        for (const auto& stack : entries_at(root_, {"infra", "stacks"})) {
            check_name(stack.value, "infra.stacks.approval");
        }
        if (const auto* disaster = root_.find("dr")) {
            check_name(disaster->value, "dr.approval");
        }
    }

    /// What compares the new version with the old one has nothing to ask before there is one.
    void check_early(const YamlEntry* list) {
        if (list == nullptr) {
            return;
        }
        for (const auto& item : list->value.items) {
            const auto gate = configuration_.gates.find(item.text);
            const bool needs_new_version =
                gate != configuration_.gates.end() && (needs_traffic(gate->second.question) ||
                                                       compares_only_beside(gate->second.question));
            if (needs_new_version) {
                auto& wrong = report_.add(
                    "C1094",
                    "gate `" + item.text + "` is about the new version's traffic",
                    item.place
                );
                wrong.note = "before the rollout there is none";
                wrong.help = "ask it in the strategy's `gates`";
                wrong.docs = "environments.preflight";
            }
        }
    }

    void check_name(const YamlNode& owner, const char* docs) {
        const auto* entry = owner.find("approval");
        if (entry == nullptr || report_.is_full() ||
            configuration_.approvals.contains(entry->value.text)) {
            return;
        }
        auto& wrong = report_.add(
            "C1091", "there is no approval `" + entry->value.text + "`", entry->value.place
        );
        const auto near = closest(entry->value.text, names_of(configuration_.approvals));
        wrong.help = near ? "write `approval: " + std::string(*near) + "`"
                          : "define it: `approvals: {" + entry->value.text + ": {count: 1}}`";
        wrong.docs = docs;
    }

    /// More than there are can never come together.
    void check_people() {
        const auto* approvals = root_.find("approvals");
        if (approvals == nullptr) {
            return;
        }
        for (const auto& entry : approvals->value.entries) {
            const auto found = configuration_.approvals.find(entry.key);
            if (found == configuration_.approvals.end() || found->second.people.empty()) {
                continue;
            }
            const std::set<std::string> different(
                found->second.people.begin(), found->second.people.end()
            );
            const auto people = std::ssize(different);
            if (found->second.count > people) {
                auto& wrong = report_.add(
                    "C1093",
                    "approval `" + entry.key + "` needs " +
                        count_of(found->second.count, "person") + ", and names " +
                        std::to_string(people),
                    entry.place
                );
                wrong.help = "name more `people`, or write a smaller `count`";
                wrong.docs = "approvals.count";
            }
        }
    }

    const Configuration& configuration_;
    const YamlNode& root_;
    Report& report_;
};

}  // namespace

void use_roles(Configuration& configuration) {
    for (auto& [name, approval] : configuration.approvals) {
        add_people(approval.people, approval.roles, configuration.roles);
    }
    auto& override = configuration.freeze.in_emergency;
    add_people(override.people, override.roles, configuration.roles);
}

void check_approvals(const Configuration& configuration, const YamlNode& root, Report& report) {
    ApprovalMeaning(configuration, root, report).check();
}

}  // namespace deployctl::config
