// SPDX-License-Identifier: Apache-2.0
// An export into a journal, all of it or nothing. Throws Error{state_unreadable} with the line that
// is wrong. Any thread; opens the file for itself.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <filesystem>

namespace deployctl::state {

struct Imported {
    std::int64_t rollouts = 0;
    std::int64_t events = 0;
    std::int64_t first_number = 0;  ///< of the rollouts, as they are numbered here; 0: none came
    std::int64_t last_number = 0;
};

enum class ImportEffect {
    write,
    show,  ///< tried and taken back
};

/// The lines and the chain of events are checked first. A target that the journal has already is
/// refused, since two chains of it cannot become one. Numbers go on after those that are there.
Imported import_journal(
    const std::filesystem::path& exported,
    const std::filesystem::path& file,
    ImportEffect effect,
    WallTime now
);

}  // namespace deployctl::state
