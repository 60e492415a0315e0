// SPDX-License-Identifier: Apache-2.0
// "Stop the line": a freeze that a person made, outside of the configured windows. The journal
// keeps it for good; its removal is written beside it. Values; any thread.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace deployctl {

struct FreezeRemoval {
    std::string by;
    std::string reason;
    WallTime at;

    friend bool operator==(const FreezeRemoval&, const FreezeRemoval&) = default;
};

struct Freeze {
    std::string id;           ///< UUIDv7
    std::int64_t number = 0;  ///< the store's to give; 1, 2, 3, ...
    std::string app;
    std::string environment;  ///< empty: every one of the app
    std::string by;           ///< "ada@laptop"
    std::string reason;
    WallTime since;
    std::optional<WallTime> until;  ///< none: until it is removed
    std::optional<FreezeRemoval> removed;

    friend bool operator==(const Freeze&, const Freeze&) = default;
};

/// Over is one that was removed, or whose time has come.
inline bool is_over(const Freeze& freeze, WallTime now) {
    return freeze.removed.has_value() || (freeze.until && *freeze.until <= now);
}

}  // namespace deployctl
