// SPDX-License-Identifier: Apache-2.0
// Where a rollback of a promoted release leads: the good version before it, and what was recorded
// of that version when it ran.
#pragma once

#include "cli/session.hpp"
#include "model/rollout.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// Whether it may lead to a version from before a contract migration.
enum class PastContract { refused, allowed };

struct ReturnPoint {
    std::string version;
    std::string digest;                 ///< empty: the registry is asked
    std::optional<Value> pod_template;  ///< whole, as it ran; none: only the image is known
    /// The other objects that were brought out with it; none: its release had none, or no record
    /// tells.
    std::optional<std::vector<Value>> objects;
    bool leaves_objects = false;  ///< others have been brought out since, and stay
    /// A later rollout that ran a contract migration, which the version may not be able to serve
    /// after; 0: none did.
    std::int64_t contracted_by = 0;
};

/// `to` is the version that somebody named; empty: the one before `promoted`. Throws Error{blocked}
/// where there is none that is good, or where it runs already.
ReturnPoint find_return_point(
    Session& session, const RolloutRecord& promoted, const std::string& to
);

/// "rollback of rollout 3: returns to v1, with the pod template that is recorded of it"
std::string to_text(const ReturnPoint& point, const RolloutRecord& promoted);

}  // namespace deployctl::cli
