// SPDX-License-Identifier: Apache-2.0
// A rehearsal for people and as data: what is assumed, what happened when in virtual time, how it
// ended, what was proven. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/value.hpp"
#include "simulation/rehearsal.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace deployctl::cli {

struct RehearsalView {
    const simulation::RehearsalOrder& order;
    std::optional<std::uint64_t> seed;
    const simulation::Rehearsal& rehearsal;
};

std::string draw(const RehearsalView& view, const Style& style);
Value to_value(const RehearsalView& view);

}  // namespace deployctl::cli
