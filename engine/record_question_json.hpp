// SPDX-License-Identifier: Apache-2.0
// Questions about what was written down before (model/record_questions.hpp), as members of a gate
// in a plan, and back. Pure.
#pragma once

#include "model/record_questions.hpp"
#include "model/value.hpp"

namespace deployctl::engine {

void write_record_question(const SoakQuestion& question, Value& into);
void write_record_question(const DependencyQuestion& question, Value& into);
void write_record_question(const ReadinessQuestion& question, Value& into);
void write_record_question(const BackupAgeQuestion& question, Value& into);
void write_record_question(const PerformanceQuestion& question, Value& into);

void read_record_question(const Value& from, SoakQuestion& question);
void read_record_question(const Value& from, DependencyQuestion& question);
void read_record_question(const Value& from, ReadinessQuestion& question);
void read_record_question(const Value& from, BackupAgeQuestion& question);
void read_record_question(const Value& from, PerformanceQuestion& question);

}  // namespace deployctl::engine
