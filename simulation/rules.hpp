// SPDX-License-Identifier: Apache-2.0
// The shape of a rule: an invariant of the design, its number, and the function that says with
// figures how it is broken. Each theme has a file with its functions and one table of them. Pure.
#pragma once

#include "simulation/memory.hpp"

#include <optional>
#include <span>
#include <string>

namespace deployctl::simulation {

/// How a rule is broken; nothing where it holds.
using Finding = std::optional<std::string>;

/// Of a change that had an intent: judged by what could be seen when the intent was written.
struct CapacityRule {
    const char* id;
    Finding (*broken)(const Memory& memory, const WriteSeen& write, const Observed& observed);
};

/// Of every request that reached the API server.
struct WriteRule {
    const char* id;
    Finding (*broken)(const Memory& memory, const WriteSeen& write);
};

/// Of every entry, before the memory takes it in.
struct EntryRule {
    const char* id;
    Finding (*broken)(const Memory& memory, const EntrySeen& entry);
};

/// Of every request that a runner has its answer to.
struct RequestRule {
    const char* id;
    Finding (*broken)(const Memory& memory, const RequestSeen& request);
};

/// How a play has ended, some while after faults have stopped.
struct Ending {
    std::optional<RolloutRecord> record;  ///< none: nothing was begun
    World world;
    Duration took{};              ///< since faults have stopped
    int writes_after_end = 0;     ///< of those who resume it, or turn it back, once more
    bool is_bad_version = false;  ///< it must not be promoted
};

struct EndRule {
    const char* id;
    Finding (*broken)(const Memory& memory, const Ending& ending);
};

/// Of every moment in which something changes.
struct MomentRule {
    const char* id;
    Finding (*broken)(const Memory& memory, Duration at);
};

/// How many pods serve, and how many there are: `capacity.cpp`.
std::span<const CapacityRule> capacity_rules();
std::span<const MomentRule> moment_rules();
/// Which way it goes: `course.cpp`.
std::span<const CapacityRule> course_rules();
/// Who may write: `fencing.cpp`.
std::span<const WriteRule> fencing_rules();
/// What the journal says: `journalling.cpp`.
std::span<const EntryRule> journalling_rules();
/// What a verdict rests upon: `judging.cpp`.
std::span<const EntryRule> judging_rules();
/// What a planted secret must not be in: `secrecy.cpp`.
std::span<const WriteRule> secrecy_of_writes();
std::span<const EntryRule> secrecy_of_entries();
Finding keeps_the_secret(const Memory& memory, const Value& plan);
/// What is done beside the pods: `tasking.cpp`.
std::span<const EntryRule> tasking_rules();
/// How soon a request is repeated: `manners.cpp`.
std::span<const RequestRule> manners_rules();
/// How it ends: `endings.cpp`.
std::span<const EndRule> end_rules();

/// Template, size and limits of everything that a rollout may have touched, one a line: what is
/// compared with another play. Marks and candidates without pods are left out.
std::string normal_text(const Plan& plan, const World& world);

}  // namespace deployctl::simulation
