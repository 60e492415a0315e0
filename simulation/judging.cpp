// SPDX-License-Identifier: Apache-2.0
// I12: what a gate's verdict rests upon. A version that is bad and promoted for all that is in
// `endings.cpp`.
#include "engine/approving.hpp"
#include "gates/policy.hpp"
#include "simcluster/behaviour.hpp"
#include "simulation/rules.hpp"

#include <algorithm>
#include <array>

namespace deployctl::simulation {

namespace {

/// The answers that a verdict is made of: those that were asked last, as many as it counts.
std::span<const SampleSeen> samples_of(const EntrySeen& seen) {
    const auto& verdict = std::get<GateEvaluated>(seen.entry).verdict;
    const auto asked = static_cast<std::int64_t>(seen.samples.size());
    const auto counted = std::min(asked, verdict.evidence.number("/requests", asked));
    return std::span(seen.samples).last(static_cast<std::size_t>(counted));
}

std::string named(const GateEvaluated& evaluated) {
    return std::string("gate ") + evaluated.gate + " says " +
           deployctl::to_text(evaluated.verdict.answer);
}

/// Before the first change gates ask the version that runs.
std::string version_asked(const Plan& plan, int step) {
    const bool is_before =
        plan.course.steps.at(static_cast<std::size_t>(step)).stage == engine::before_stage;
    return simcluster::version_of(
        is_before ? plan.snapshot.workload.at("/spec/template") : plan.release.pod_template
    );
}

/// A metrics source is asked about the old version too: the new one is held against it.
bool may_be_asked(const SampleSeen& sample, const std::string& wanted) {
    const bool is_nobodys = sample.version.empty() && !sample.is_answered;  // gone meanwhile
    return sample.by == SampleSeen::By::metrics || is_nobodys || sample.version == wanted;
}

/// Each sample is of the step that is under way, and of a pod of the new version.
Finding judges_by_other_samples(const Memory& memory, const EntrySeen& seen) {
    const auto* evaluated = std::get_if<GateEvaluated>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    const bool counts = evaluated != nullptr && evaluated->ruled.decision != gates::not_counted;
    if (!counts || rollout == nullptr) {
        return std::nullopt;
    }
    const auto& entered = rollout->entered;
    if (evaluated->step != entered.step || entered.direction == Direction::back) {
        return named(*evaluated) + " for step " + std::to_string(evaluated->step) + ", in step " +
               std::to_string(entered.step) + " on the way " +
               deployctl::to_text(entered.direction);
    }
    const auto wanted = version_asked(memory.plan, evaluated->step);
    for (const auto& sample : samples_of(seen)) {
        if (sample.at < entered.since) {
            return named(*evaluated) + " by an answer from " +
                   to_short_text(entered.since - sample.at) + " before its step began";
        }
        if (!may_be_asked(sample, wanted)) {
            return named(*evaluated) + " by an answer of " + sample.version;
        }
    }
    return std::nullopt;
}

/// No data is never a pass. A pod has to have answered since the verdict before, a source since the
/// stage began: what it told before still counts, but says nothing of this share of the traffic.
Finding passes_without_data(const Memory& memory, const EntrySeen& seen) {
    const auto* evaluated = std::get_if<GateEvaluated>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    if (evaluated == nullptr || rollout == nullptr || evaluated->verdict.answer != Answer::pass) {
        return std::nullopt;
    }
    const auto wanted = version_asked(memory.plan, evaluated->step);
    const auto is_answer_of_pod = [](const SampleSeen& sample) {
        return sample.is_answered && sample.by == SampleSeen::By::pod;
    };
    if (std::ranges::any_of(samples_of(seen), is_answer_of_pod) ||
        has_measured(seen.samples, wanted) || rollout->entered.has_measured) {
        return std::nullopt;
    }
    return named(*evaluated) + ", and nothing was told of a pod of " + wanted;
}

/// Where gates have to pass, they have passed, since the step was entered, as often as they should.
Finding goes_on_without_a_pass(const Memory& memory, const EntrySeen& seen) {
    const auto* finished = std::get_if<StepFinished>(&seen.entry);
    const auto* rollout = find_rollout(memory, seen);
    const bool is_done = finished != nullptr && finished->result == StepResult::done &&
                         finished->direction == Direction::forward;
    if (!is_done || rollout == nullptr || rollout->entered.step != finished->step) {
        return std::nullopt;
    }
    const auto step = static_cast<std::size_t>(finished->step);
    const auto* pass = std::get_if<PassGates>(&memory.plan.course.steps.at(step).action);
    for (const auto& gate : pass == nullptr ? std::vector<std::string>() : pass->gates) {
        const auto settings = memory.plan.gates.find(gate);
        const auto policy =
            settings == memory.plan.gates.end() ? GatePolicy() : settings->second.policy;
        const int wanted = gates::decides(policy) ? policy.pass_after : 0;
        const auto found = rollout->entered.passed.find(gate);
        const int passed = found == rollout->entered.passed.end() ? 0 : found->second;
        if (passed < wanted) {
            return "step " + std::to_string(finished->step) + " is done, and gate " + gate +
                   " has passed " + std::to_string(passed) + " of " + std::to_string(wanted) +
                   " times since it began";
        }
    }
    return std::nullopt;
}

constexpr std::array rules{
    EntryRule{"I12", judges_by_other_samples},
    EntryRule{"I12", passes_without_data},
    EntryRule{"I12", goes_on_without_a_pass},
};

}  // namespace

std::span<const EntryRule> judging_rules() {
    return rules;
}

}  // namespace deployctl::simulation
