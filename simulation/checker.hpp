// SPDX-License-Identifier: Apache-2.0
// Is fed everything that the witnesses see, in order, holds it against every rule, and keeps what
// breaks one. One a play; one thread.
#pragma once

#include "simulation/rules.hpp"
#include "simulation/scenario.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::simulation {

struct Violation {
    std::string rule;  ///< "I5"
    Duration at{};
    std::string text;  ///< with figures
};

std::string to_text(const Violation& violation);
/// How many invariants every play is held against; one that plants a secret, against one more.
int count_of_invariants();

class Checker {
public:
    /// By `lag` a runner's look may be older than the world; `planted` is a secret in the pod
    /// template, or empty.
    Checker(Plan plan, Duration lag, std::string planted);

    /// A runner begins to act that was told not to wait for the holder's silence.
    void on_takeover(const std::string& runner);
    /// It acts no more, dead or done.
    void on_leave(const std::string& runner);
    /// Somebody else has changed the pod template of `ref`, or its size, or deleted it, a Lease.
    void on_edit(const ObjectRef& ref, Duration at, EditKind kind = EditKind::pod_template);
    /// The plan, as the journal shall keep it.
    void on_plan(const Value& plan, Duration at);
    void on_answer(const RequestSeen& request);
    void on_begin(int journal, const RolloutRecord& record, Duration at);
    /// `world` as it is when the entry is committed.
    void on_entry(const EntrySeen& seen, const World& world);
    void on_write(const WriteSeen& write);
    void on_world(const World& world, Duration at);
    void on_end(const Ending& ending, Duration at);
    /// What no rule has a name for: a bug of the program that showed itself.
    void report(const std::string& rule, Duration at, const std::string& text);

    const std::vector<Violation>& violations() const { return violations_; }

private:
    /// What the memory keeps of a world comes from these alone.
    struct Noted {
        SharedList<Pod> pods;
        SharedList<Endpoint> endpoints;
    };

    void judge(const char* rule, Duration at, const Finding& finding);

    Memory memory_;
    std::optional<Noted> noted_;  ///< of the world that was seen last
    std::vector<Violation> violations_;
};

}  // namespace deployctl::simulation
