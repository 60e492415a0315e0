// SPDX-License-Identifier: Apache-2.0
// How a step, or a wait in it, ended. A value.
#pragma once

#include "model/journal.hpp"
#include "model/settings.hpp"
#include "ports/interrupts.hpp"

#include <string>

namespace deployctl::engine {

struct Outcome {
    enum class End {
        done,
        failed,       ///< proven bad: `cause` says why
        cannot_tell,  ///< nobody knows: hold, and let a person decide
        requested,    ///< `request` wants something else
        interrupted,  ///< a signal
        watched_enough,
    } end = End::done;
    std::string detail;
    Cause cause = {};
    OnFailure on_failure = OnFailure::rollback;
    Request request = {};
    Interrupt interrupt = {};
};

}  // namespace deployctl::engine
