// SPDX-License-Identifier: Apache-2.0
#include "engine/approving.hpp"

#include "model/error.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <set>

namespace deployctl::engine {

namespace {

constexpr std::string_view step_finished = "step.finished";
constexpr std::string_view step_skipped = "step.skipped";  // it passed where the journal was

const ApprovalSettings& settings_of(const ApprovalCase& one) {
    static const ApprovalSettings usual;
    const auto found = one.plan.approvals.find(one.name);
    return found == one.plan.approvals.end() ? usual : found->second;
}

/// One of its steps that waits for the approval has been passed.
bool lets_pass(const Event& event, const Plan& plan, const std::string& name) {
    const auto step = static_cast<std::size_t>(event.step.value_or(-1));
    const bool is_over = event.type == step_finished || event.type == step_skipped;
    return is_over && event.data.text("/direction") == to_text(Direction::forward) &&
           step < plan.course.steps.size() && waits_for(plan.course.steps[step], name);
}

bool is_of_same_person(const Approval& a, const Approval& b) {
    return person_of(a.by) == person_of(b.by);
}

}  // namespace

std::string why_not(const ApprovalCase& one, const Approval& said) {
    const auto& settings = settings_of(one);
    const auto person = person_of(said.by);
    const bool is_initiator = person == person_of(one.rollout.initiator);
    if (said.plan_hash != one.rollout.plan_hash) {
        return "it was said of another plan";
    }
    if (said.vote == Vote::deny && is_initiator) {
        return "";
    }
    if (said.vote == Vote::approve && one.used.has(said)) {
        return "it has let an earlier step pass";
    }
    if (settings.not_initiator && is_initiator) {
        return person + " began the rollout, and somebody else has to approve it";
    }
    if (!settings.people.empty() && std::ranges::count(settings.people, person) == 0) {
        return person + " is not among those who may: " + join(settings.people, ", ");
    }
    if (said.vote == Vote::approve && one.now - said.at > settings.expires) {
        return "it has expired, " + deployctl::to_text(settings.expires) + " after it was given";
    }
    return "";
}

ApprovalTally tally_of(const ApprovalCase& one, const std::vector<Approval>& said) {
    ApprovalTally tally;
    tally.needed = settings_of(one).count;
    for (const auto& word : said) {
        if (word.name != one.name || !why_not(one, word).empty()) {
            continue;
        }
        if (word.vote == Vote::deny) {
            tally.denied = tally.denied.value_or(word);
        } else {
            std::erase_if(tally.given, [&](const Approval& other) {
                return is_of_same_person(other, word);
            });
            tally.given.push_back(word);
        }
    }
    return tally;
}

std::string to_text(const ApprovalTally& tally) {
    std::vector<std::string> names;
    for (const auto& one : tally.given) {
        names.push_back(one.by);
    }
    const auto counts =
        std::to_string(names.size()) + " of " + std::to_string(tally.needed) + " given";
    return names.empty() ? counts : counts + ", by " + join(names, ", ");
}

bool waits_for(const Step& step, const std::string& name) {
    const auto* wait = std::get_if<AwaitApproval>(&step.action);
    return wait != nullptr && wait->name == name;
}

UsedWords used_words(const std::vector<Event>& events, const Plan& plan, const std::string& name) {
    UsedWords used;
    std::set<std::string> heard;
    for (const auto& event : events) {
        if (event.type == approval_heard && event.data.text("/name") == name) {
            heard.insert(event.data.text("/id"));
        } else if (lets_pass(event, plan, name)) {
            used.ids.insert(heard.begin(), heard.end());
            used.by = event.type == step_skipped ? std::optional(event.at) : used.by;
        }
    }
    return used;
}

std::vector<std::string> approvals_in(const Plan& plan) {
    std::vector<std::string> names;
    for (const auto& step : plan.course.steps) {
        const auto* wait = std::get_if<AwaitApproval>(&step.action);
        if (wait != nullptr && std::ranges::count(names, wait->name) == 0) {
            names.push_back(wait->name);
        }
    }
    return names;
}

bool waits_later(const Plan& plan, const RolloutRecord& rollout, const std::string& name) {
    const auto& steps = plan.course.steps;
    const auto here = std::min(static_cast<std::size_t>(std::max(0, rollout.step)), steps.size());
    return rollout.direction == Direction::forward &&
           std::any_of(
               steps.begin() + static_cast<std::ptrdiff_t>(here),
               steps.end(),
               [&](const Step& step) { return waits_for(step, name); }
           );
}

std::vector<Step> first_questions(
    const Environment& environment, const std::string& emergency_approval
) {
    const std::string stage(before_stage);
    std::vector<Step> steps;
    if (environment.preflight && !environment.preflight->empty()) {
        steps.push_back({stage, PassGates{*environment.preflight}, {}});
    }
    if (!environment.approval.empty()) {
        steps.push_back({stage, AwaitApproval{environment.approval}, {}});
    }
    if (!emergency_approval.empty() && emergency_approval != environment.approval) {
        steps.push_back({stage, AwaitApproval{emergency_approval}, {}});
    }
    return steps;
}

std::vector<std::string> approvals_out_of_reach(const Plan& plan, const std::string& initiator) {
    std::vector<std::string> found;
    for (const auto& [name, settings] : plan.approvals) {
        std::set<std::string> people(settings.people.begin(), settings.people.end());
        const bool is_open = people.empty();
        people.erase(settings.not_initiator ? person_of(initiator) : "");
        const std::vector<std::string> others(people.begin(), people.end());
        const auto count = static_cast<int>(others.size());
        if (!is_open && count < settings.count) {
            found.push_back(
                "approval `" + name + "` needs " + std::to_string(settings.count) + ", and " +
                (count == 0 ? "nobody" : "only " + join(others, ", ")) + " may give it where " +
                person_of(initiator) +
                " begins the rollout: let somebody else begin it, or add people to it"
            );
        }
    }
    return found;
}

void use_approvals(Plan& plan, const Configuration& configuration) {
    for (const auto& name : approvals_in(plan)) {
        const auto found = configuration.approvals.find(name);
        if (found == configuration.approvals.end()) {
            throw Error(ExitCode::usage, "no approval `" + name + "` is configured");
        }
        plan.approvals[name] = found->second;
    }
}

}  // namespace deployctl::engine
