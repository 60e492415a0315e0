// SPDX-License-Identifier: Apache-2.0
// One stack of Terraform or OpenTofu: planned, applied from the saved plan only, and taken up again
// after a crash. What does not go on by itself is a Halt, a value; Error is thrown only where this
// machine's own notes cannot be written. Engine's thread.
#pragma once

#include "plugins/terraform/apply_stream.hpp"
#include "plugins/terraform/stack_folder.hpp"
#include "plugins/terraform/stack_plan.hpp"
#include "plugins/terraform/tool.hpp"
#include "ports/runners.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins::terraform {

struct Halt {
    enum class Kind {
        failed,        ///< the tool says why
        locked,        ///< somebody else works on it
        cannot_tell,   ///< a person has to look
        stopped,       ///< somebody asked to stop, or the time was over
        tool_missing,  ///< there is no such program, or it is too old
    } kind{};
    std::string why;
    std::string what_to_do = {};
    std::vector<std::string> output = {};  ///< what the tool said
};

struct StackOrder {
    std::string stack;
    StackSettings settings;  ///< placeholders filled in
    std::string program;     ///< empty: terraform of $PATH, else tofu
    /// Whom copies of the state are sealed for, the file of a certificate; empty: nobody; none: as
    /// whoever prepared it before has said.
    std::optional<std::string> encrypt_to = {};
    std::function<void(Value fact)> tell = {};
    std::function<int()> stops = {};         ///< how often somebody has asked to stop, so far
    std::function<Task<>()> meanwhile = {};  ///< between two looks at an apply
};

struct StateFacts {
    std::string lineage;  ///< empty: there is no state yet
    std::int64_t serial = 0;
    std::int64_t resources = 0;
};

inline StateMark mark_of(const StateFacts& facts) {
    return {facts.lineage, facts.serial};
}

struct PlannedChanges {
    std::optional<Halt> halt;
    StackPlan plan;
    std::string json;    ///< of the plan, with its secrets: for who reads it now
    std::string file;    ///< the saved plan, private; it goes with its Stack
    std::string digest;  ///< of it
    std::string configuration_hash;
    StateFacts state;
    std::string state_text;  ///< has secrets; empty: there is none yet
    std::string doubt;       ///< why this is not the state that the last apply left; empty: none
};

struct AppliedChanges {
    std::optional<Halt> halt;            ///< none: applied, and a second plan agrees
    std::vector<std::string> completed;  ///< addresses
    std::vector<std::string> orphans;    ///< begun, and nobody knows how they ended
    std::vector<std::string> unsettled;  ///< what a second plan shows again
    StateFacts state;
};

struct StackOutput {
    std::string name;
    bool is_sensitive = false;
    Value value;  ///< null where it is sensitive
};

struct StackOutputs {
    std::optional<Halt> halt;
    std::vector<StackOutput> outputs;
};

struct PulledState {
    std::optional<Halt> halt;
    StateFacts facts;
    std::string text;  ///< has secrets
};

struct StackMachine {
    Clock& clock;
    const Runners& runners;
};

/// The lock of an apply that runs, as long as it is not proven whose it is.
struct LockSearch {
    bool is_over = false;
    std::string candidate;
    WallTime since;  ///< the apply began; no lock of it is older
};

/// Whatever plan it has saved goes with it.
class Stack {
public:
    Stack(StackOrder order, StackFolder& folder, StackMachine machine);
    ~Stack();
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;

    /// In the folder of a copy, instead of the stack's own.
    void work_in(const std::string& dir) { dir_ = dir; }

    /// The tool is there, and the stack is initialised, valid and in its workspace.
    Task<std::optional<Halt>> prepare();
    /// An apply of an earlier runner is waited for, and what it could not save is saved. Says what
    /// it was, where there was one.
    Task<std::optional<Halt>> recover(std::optional<StackRun>* was);
    Task<PlannedChanges> plan();
    /// Reads a copy of a plan that was saved earlier; the copy is what `apply` applies.
    Task<PlannedChanges> copy_saved(std::string file);
    /// `owner`: id of the rollout, or of the operation.
    Task<AppliedChanges> apply(PlannedChanges planned, std::string owner);
    Task<StackOutputs> outputs();
    Task<PulledState> pull();
    /// Somebody has said that the state is right in spite of the doubt: it is the one from now on.
    void trust(const PlannedChanges& planned);

private:
    ToolCall call(Arguments arguments) const;
    Task<std::optional<Halt>> initialise();
    Task<std::optional<Halt>> save_errored_state();
    Task<std::optional<Halt>> settle_lock(StateLock lock);
    Task<PlannedChanges> plan_once(std::vector<Complaint>* errors);
    Task<PlannedChanges> read_saved();
    std::string plan_file() const;
    void remove_plan();
    Task<> attend(LockSearch* search, StackRun* run, const RunStory* story);
    Task<std::string> ask_for_lock(WallTime since);
    std::string copy_state(const PlannedChanges& planned) const;
    Task<AppliedChanges> look_after(PlannedChanges planned, AppliedChanges applied);
    void say(Value fact) const;

    StackOrder order_;
    StackFolder& folder_;
    StackMachine machine_;
    Tool tool_;
    std::string dir_;
    bool has_saved_ = false;
};

/// What an apply has told into its file.
RunStory read_story(const std::string& stream_file);
/// "aws_db.main, aws_vpc.a" of apply.jsonl of a run that nobody saw end.
std::vector<std::string> open_addresses(const std::string& stream_file);

}  // namespace deployctl::plugins::terraform
