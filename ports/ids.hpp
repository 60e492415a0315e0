// SPDX-License-Identifier: Apache-2.0
// New identifiers, as a port, so that a test's run is the same each time. Any thread.
#pragma once

#include <string>

namespace deployctl {

class Ids {
public:
    virtual ~Ids() = default;
    /// A UUIDv7: sorts by the time it was made.
    virtual std::string next() = 0;
};

}  // namespace deployctl
