// SPDX-License-Identifier: Apache-2.0
// The processes of a process group, as /proc tells of them. Any thread.
#pragma once

#include <sys/types.h>

namespace deployctl::plugins {

/// Whether one of it still runs; one that has ended and that nobody has waited for does not.
bool is_any_running(pid_t group);

}  // namespace deployctl::plugins
