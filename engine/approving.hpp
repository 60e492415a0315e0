// SPDX-License-Identifier: Apache-2.0
// Which of what people have said counts for a step that waits for them. Pure; any thread.
#pragma once

#include "model/approval.hpp"
#include "model/journal.hpp"
#include "model/plan.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::engine {

/// Of the event that keeps what somebody said.
inline constexpr std::string_view approval_heard = "approval.heard";

/// What has let an earlier step pass: each word counts for one.
struct UsedWords {
    std::set<std::string> ids;
    /// Where a step passed in another journal nobody here knows by which: all was used by then.
    std::optional<WallTime> by = {};

    bool has(const Approval& said) const { return ids.contains(said.id) || (by && said.at <= *by); }
};

/// What is waited for: one approval of one rollout's plan, as of now.
struct ApprovalCase {
    const Plan& plan;
    const RolloutRecord& rollout;
    std::string name;
    WallTime now;
    UsedWords used = {};
};

/// Why what they said does not count; nothing where it does.
std::string why_not(const ApprovalCase& one, const Approval& said);

struct ApprovalTally {
    int needed = 1;
    std::vector<Approval> given;     ///< one a person
    std::optional<Approval> denied;  ///< the first

    bool is_given() const { return !denied && static_cast<int>(given.size()) >= needed; }
};

/// What one waiting step has heard.
struct Hearing {
    std::string name;
    UsedWords used;
    std::set<std::string> told;  ///< ids that stand in the events
    BootTime remind_at;          ///< whoever sees the runner is told again
    ApprovalTally tally;
};

ApprovalTally tally_of(const ApprovalCase& one, const std::vector<Approval>& said);
/// "1 of 2 given, by bob@laptop".
std::string to_text(const ApprovalTally& tally);
bool waits_for(const Step& step, const std::string& name);
/// Whatever a step that waited for this approval has heard before it was let pass.
UsedWords used_words(const std::vector<Event>& events, const Plan& plan, const std::string& name);
/// Those that the steps wait for, in order, each once.
std::vector<std::string> approvals_in(const Plan& plan);
/// It waits for this approval now, or will, unless it goes back.
bool waits_later(const Plan& plan, const RolloutRecord& rollout, const std::string& name);
/// The stage of what has to be answered before anything is changed; gates are then about the pods
/// that are there.
inline constexpr std::string_view before_stage = "before";
/// Of the environment; `emergency_approval` comes on top, empty: none.
std::vector<Step> first_questions(
    const Environment& environment, const std::string& emergency_approval
);
/// Those that nobody but the initiator may give, or too few: a rollout would wait for ever.
std::vector<std::string> approvals_out_of_reach(const Plan& plan, const std::string& initiator);
/// Freezes the approvals that the steps wait for. Throws Error{usage} for one that is not
/// configured.
void use_approvals(Plan& plan, const Configuration& configuration);

}  // namespace deployctl::engine
