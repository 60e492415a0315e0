// SPDX-License-Identifier: Apache-2.0
// Durations in the JSON of a plan: whole microseconds, and the member's name says so. Pure.
#pragma once

#include "model/time.hpp"
#include "model/value.hpp"

namespace deployctl::engine {

inline Duration read_span(
    const Value& value, const Pointer& place, Duration usual = Duration::zero()
) {
    return Duration(value.number(place, usual.count()));
}

}  // namespace deployctl::engine
