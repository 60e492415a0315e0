// SPDX-License-Identifier: Apache-2.0
// The world as the engine gets it: references to what `main` wired, which outlives every run.
#pragma once

#include "ports/clock.hpp"
#include "ports/cluster.hpp"
#include "ports/event_sink.hpp"
#include "ports/ids.hpp"
#include "ports/interrupts.hpp"
#include "ports/outside.hpp"
#include "ports/runners.hpp"
#include "ports/store.hpp"

namespace deployctl::engine {

struct Ports {
    Cluster& cluster;
    Store& store;
    Clock& clock;
    Ids& ids;
    EventSink& sink;
    Interrupts& interrupts;
    Runners& runners;
    Outside outside;
};

}  // namespace deployctl::engine
