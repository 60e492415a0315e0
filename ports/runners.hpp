// SPDX-License-Identifier: Apache-2.0
// Who runs this rollout, and whether another runner is still alive. Any thread.
#pragma once

#include "model/rollout.hpp"

namespace deployctl {

enum class Liveness {
    alive,
    dead,     ///< proven: this host, this boot, and the process is gone or its number was given to
              ///< another
    unknown,  ///< another host
};

class Runners {
public:
    virtual ~Runners() = default;
    virtual Runner self() const = 0;
    virtual Liveness liveness(const Runner& runner) const = 0;
};

}  // namespace deployctl
