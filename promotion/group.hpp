// SPDX-License-Identifier: Apache-2.0
// Several services as one release: each behind those that it needs, all or none. Pure.
#pragma once

#include "promotion/line.hpp"
#include "promotion/stands.hpp"

#include <map>

namespace deployctl::promotion {

/// What a member's own deploy.yaml says of the environment.
struct Member {
    std::string app;
    Place place;
    std::string digest = {};   ///< of the version there; empty: the registry is asked by its leg
    bool has_it = false;       ///< the version stands there already
    std::string trouble = {};  ///< why it cannot be brought out; empty: it can
};

/// A member that fails, or a gate of all, sends those back that were brought out before, the last
/// one first.
Draft draw_group(
    const GroupSettings& settings,
    const std::map<std::string, Member>& members,
    const std::string& version
);

}  // namespace deployctl::promotion
