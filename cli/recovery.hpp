// SPDX-License-Identifier: Apache-2.0
// Brings lost rollouts to an end, one after the other; what one of them runs into does not keep the
// others from theirs.
#pragma once

#include "cli/locating.hpp"
#include "cli/running.hpp"
#include "engine/recovery.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

enum class Remedy {
    resume,
    rollback,
    leave,  ///< a person has to decide first
};

struct Recovery {
    engine::LostRollout lost;
    Remedy remedy{};
    std::optional<ExitCode> exit = std::nullopt;  ///< none: nothing was done
    std::string failure = {};                     ///< why it could not be tried
};

/// Nothing is done: its exit code is that of who waits for somebody.
void leave(Recovery& recovery);
/// Carries the remedy out; fills in what came of it.
void recover(Session& session, const RunChoices& choices, const Located& place, Recovery& recovery);

/// Removes what ended rollouts have left in the namespace, of the app that is named or of any.
std::vector<ObjectRef> clear_away(Session& session, const Located& place);

/// The one that most needs somebody.
ExitCode worst_of(const std::vector<Recovery>& recoveries);

/// For people: a few lines a rollout.
std::string to_text(const Recovery& recovery, WallTime now, const Style& style);
Value to_value(const Recovery& recovery, WallTime now);

}  // namespace deployctl::cli
