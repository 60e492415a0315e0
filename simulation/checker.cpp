// SPDX-License-Identifier: Apache-2.0
#include "simulation/checker.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace deployctl::simulation {

namespace {

/// One cause breaks a rule again and again: the first few tell it.
constexpr std::size_t most_violations = 20;

}  // namespace

std::string to_text(const Violation& violation) {
    return violation.rule + " at " + to_short_text(violation.at) + ": " + violation.text;
}

int count_of_invariants() {
    std::set<std::string_view> ids;
    const auto add = [&ids](const auto& rules) {
        for (const auto& rule : rules) {
            ids.insert(rule.id);
        }
    };
    add(capacity_rules());
    add(course_rules());
    add(moment_rules());
    add(fencing_rules());
    add(journalling_rules());
    add(judging_rules());
    add(tasking_rules());
    add(manners_rules());
    add(end_rules());
    return static_cast<int>(ids.size());
}

Checker::Checker(Plan plan, Duration lag, std::string planted) {
    memory_.plan = std::move(plan);
    memory_.lag = lag;
    memory_.outside.planted = std::move(planted);
}

void Checker::judge(const char* rule, Duration at, const Finding& finding) {
    if (finding) {
        report(rule, at, *finding);
    }
}

void Checker::report(const std::string& rule, Duration at, const std::string& text) {
    const bool is_known = std::ranges::any_of(violations_, [&](const Violation& one) {
        return one.rule == rule && one.text == text;
    });
    if (!is_known && violations_.size() < most_violations) {
        violations_.push_back({rule, at, text});
    }
}

void Checker::on_takeover(const std::string& runner) {
    memory_.lock.impatient.insert(runner);
}

void Checker::on_leave(const std::string& runner) {
    memory_.lock.gone.insert(runner);
}

void Checker::on_edit(const ObjectRef& ref, Duration at, EditKind kind) {
    if (kind == EditKind::lease) {
        memory_.lock.trust = {};  // from now on it is the fence alone that keeps them apart
        for (auto& [id, standing] : memory_.lock.standing) {
            standing.unnamed = true;     // until a Lease names it again
            standing.overtaken.reset();  // whoever has overtaken it is named no more either
        }
        return;
    }
    const auto before = memory_.outside.edits[ref];
    EditSeen edit;
    edit.at = at;
    edit.of_size = before.of_size || kind == EditKind::replicas;
    edit.of_template = before.of_template || kind == EditKind::pod_template;
    const bool is_older = kind == EditKind::replicas && before.of_template;
    edit.template_is_told = is_older && (before.told || before.template_is_told);
    edit.template_is_decided = is_older && (before.decided || before.template_is_decided);
    memory_.outside.edits[ref] = edit;
}

void Checker::on_plan(const Value& plan, Duration at) {
    judge("I32", at, keeps_the_secret(memory_, plan));
}

void Checker::on_answer(const RequestSeen& request) {
    for (const auto& rule : manners_rules()) {
        judge(rule.id, request.sent, rule.broken(memory_, request));
    }
    note(memory_, request);
}

void Checker::on_begin(int journal, const RolloutRecord& record, Duration at) {
    for (const auto& [known, rollout] : memory_.rollouts) {
        const auto& [place, id] = known;
        if (place == journal && !is_terminal(rollout.state)) {
            report("I36", at, "rollout " + record.id + " begins, where " + id + " is active");
        }
    }
    note_begin(memory_, journal, record);
}

void Checker::on_entry(const EntrySeen& seen, const World& world) {
    for (const auto& rules :
         {journalling_rules(), judging_rules(), tasking_rules(), secrecy_of_entries()}) {
        for (const auto& rule : rules) {
            judge(rule.id, seen.at, rule.broken(memory_, seen));
        }
    }
    note(memory_, seen, world);
}

void Checker::on_write(const WriteSeen& write) {
    for (const auto& rules : {fencing_rules(), secrecy_of_writes()}) {
        for (const auto& rule : rules) {
            judge(rule.id, write.at, rule.broken(memory_, write));
        }
    }
    const auto intent = memory_.intents.find(write.fence);
    if (is_change(write) && intent != memory_.intents.end()) {
        const auto& observed = intent->second.observed;
        for (const auto& rules : {capacity_rules(), course_rules()}) {
            for (const auto& rule : rules) {
                judge(rule.id, write.at, rule.broken(memory_, write, observed));
            }
        }
    }
    note(memory_, write);
}

void Checker::on_world(const World& world, Duration at) {
    const bool is_noted = noted_ && noted_->pods.is_copy_of(world.pods) &&
                          noted_->endpoints.is_copy_of(world.endpoints);
    if (!is_noted) {
        note(memory_, world, at);
        noted_ = {world.pods, world.endpoints};
    }
    for (const auto& rule : moment_rules()) {
        judge(rule.id, at, rule.broken(memory_, at));
    }
}

void Checker::on_end(const Ending& ending, Duration at) {
    for (const auto& rule : end_rules()) {
        judge(rule.id, at, rule.broken(memory_, ending));
    }
}

}  // namespace deployctl::simulation
