// SPDX-License-Identifier: Apache-2.0
// Signals that ask the program to end, as a port. The engine looks between two waits; nothing runs
// in a signal handler.
#pragma once

#include <optional>

namespace deployctl {

enum class Interrupt { interrupt, terminate };

class Interrupts {
public:
    virtual ~Interrupts() = default;
    /// The next signal that nobody has taken yet.
    virtual std::optional<Interrupt> take() = 0;
};

}  // namespace deployctl
