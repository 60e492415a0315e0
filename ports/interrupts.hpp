// SPDX-License-Identifier: Apache-2.0
// Signals that ask the program to end, as a port. The engine looks between two waits; nothing runs
// in a signal handler.
#pragma once

#include <optional>

namespace deployctl {

enum class Interrupt {
    interrupt,  ///< Ctrl-C: as the plan's `on_interrupt` says
    terminate,  ///< the same, and somebody is in a hurry
    hold,       ///< what a person answered who was asked after Ctrl-C: stop here,
    shift,      ///< traffic to stable, then stop,
    rollback,   ///< or all the way back
};

class Interrupts {
public:
    virtual ~Interrupts() = default;
    /// The next one that nobody has taken yet.
    virtual std::optional<Interrupt> take() = 0;
    /// A person was asked what to do and has not answered: nothing more should happen meanwhile.
    virtual bool is_asking() const = 0;
};

}  // namespace deployctl
