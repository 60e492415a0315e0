// SPDX-License-Identifier: Apache-2.0
// What this machine keeps of a stack in one environment, beside the journal: a lock against a
// second runner here, the apply that is under way, which configuration was applied last, to which
// state, and copies of such configurations. 0700 and 0600; nothing of a state is in the copies.
// Engine's thread.
#pragma once

#include "model/rollout.hpp"
#include "model/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins {
class Descriptor;
}

namespace deployctl::plugins::terraform {

/// Which state it is, and how often it was written.
struct StateMark {
    std::string lineage;  ///< empty: there is none
    std::int64_t serial = 0;

    friend bool operator==(const StateMark&, const StateMark&) = default;
};

/// What was applied last, as this machine knows it.
struct AppliedConfiguration {
    std::string hash;
    StateMark state;  ///< as it was afterwards
};

/// Why `found` cannot be the state that this machine's last apply has left: it is gone, another
/// one, or an older one. Empty: it may be.
std::string doubt_about(const std::optional<AppliedConfiguration>& last, const StateMark& found);

/// An apply from before it begins until it is known how it ended.
struct StackRun {
    std::string owner;                 ///< id of the rollout, or of the operation
    std::string dir;                   ///< where it runs: of the stack, or of a copy
    std::string digest;                ///< of the saved plan
    std::vector<std::string> changes;  ///< agreed to
    std::string lineage;
    std::int64_t serial = 0;
    std::optional<Runner> process;  ///< the tool's own
    std::string lock_id;            ///< of the state; empty: not known
};

/// What a rollout found when it first applied the stack.
struct BeforeRollout {
    std::string configuration_hash;    ///< that was applied last; empty: nobody knows
    std::vector<std::string> creates;  ///< addresses that it was going to make
    std::string lineage;               ///< of the state that it applied to; empty: not known
};

class StackFolder {
public:
    /// Makes the folder. Throws Error{state_unreadable} where it cannot.
    explicit StackFolder(std::string path);
    ~StackFolder();

    /// False where another runner of this machine has it.
    bool take();

    const std::string& path() const { return path_; }

    std::optional<StackRun> run() const;
    /// Survives a power cut. Throws Error{state_unreadable}.
    void note(const StackRun& run);
    void forget_run();

    /// None: nobody knows.
    std::optional<AppliedConfiguration> applied() const;
    /// Keeps a copy of it, too. Where it cannot, nobody knows any more what was applied last.
    void note_applied(const std::string& dir, const AppliedConfiguration& applied);
    std::string copy_of(const std::string& hash) const;
    /// None: the rollout has applied nothing.
    std::optional<BeforeRollout> before(const RolloutId& rollout) const;
    /// What was noted first stays. What was applied last counts only where the state is still the
    /// one that this left: else somebody else has applied something since.
    void note_before(
        const RolloutId& rollout, const std::vector<std::string>& creates, const StateMark& state
    );
    /// Where it was not known before: of a state that the rollout itself has made.
    void note_lineage(const RolloutId& rollout, const std::string& lineage);

private:
    void write_before(const RolloutId& rollout, const BeforeRollout& before);

    std::string path_;
    std::unique_ptr<Descriptor> lock_;
};

/// Where a state is, as far as its lock is another thing there.
enum class Backend {
    none,   ///< no init has noted one
    local,  ///< a file; its lock ends with the process
    pg,     ///< PostgreSQL; it ends with the connection, and nobody says whose that is
    other,  ///< it lasts until somebody takes it away
};

const char* to_text(Backend backend);
/// As the last init has noted it in the folder.
Backend backend_in(const std::string& folder);
/// Whether it is a local file of a name or a place of its own.
bool has_local_path(const std::string& folder);

/// `<folder of the journal>/infra/<app>/<environment>/<stack>`.
std::string stack_folder_path(
    const std::string& state_folder, const Target& target, const std::string& stack
);

}  // namespace deployctl::plugins::terraform
