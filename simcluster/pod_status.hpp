// SPDX-License-Identifier: Apache-2.0
// Reads and writes what stands under `status` of a simulated pod: phase, conditions, states of its
// containers. Pure; any thread.
#pragma once

#include "model/time.hpp"
#include "model/value.hpp"

#include <string>

namespace deployctl::simcluster {

enum class Readiness { ready, unready };

/// Null where the pod has none.
const Value& ready_condition(const Value& pod);
bool is_ready(const Value& pod);
/// On its way out.
bool is_leaving(const Value& pod);

/// Sets the condition; its transition time only where the status differs.
void set_condition(Value& pod, const Value& condition, WallTime now);
void set_readiness(Value& pod, Readiness readiness, WallTime now);
/// Every container waits for this reason.
void set_waiting(Value& pod, const std::string& reason, const std::string& message);
/// Every container runs, and was restarted so often.
void set_running(Value& pod, int restarts, WallTime now);
/// The first container has ended; the others run on.
void set_terminated(Value& pod, int exit_code, const std::string& reason, WallTime now);
/// From terminated to waiting: how it ended stays as its last state.
void set_backing_off(Value& pod, const std::string& message);

}  // namespace deployctl::simcluster
