// SPDX-License-Identifier: Apache-2.0
// What is asked, and done, beyond the cluster and the journal: references to what `main` wired,
// which outlives every run.
#pragma once

#include "ports/assessor.hpp"
#include "ports/files.hpp"
#include "ports/http.hpp"
#include "ports/metrics.hpp"
#include "ports/process.hpp"
#include "ports/registry.hpp"
#include "ports/tasks.hpp"

namespace deployctl {

struct Outside {
    Metrics& metrics;
    Http& http;
    Process& process;
    Files& files;
    Registry& registry;
    Assessor& assessor;
    Tasks& tasks;
};

}  // namespace deployctl
