// SPDX-License-Identifier: Apache-2.0
// What one gate asks, as JSON and back (docs/formats/plan.md). Pure.
#pragma once

#include "model/gates.hpp"
#include "model/value.hpp"

namespace deployctl::engine {

/// The members that are of this kind of question alone.
void write_question(const GateQuestion& question, Value& into);
/// Fills a question of the kind that `from` is of.
void read_question(const Value& from, GateQuestion& question);

}  // namespace deployctl::engine
