// SPDX-License-Identifier: Apache-2.0
// What runs where, as whoever looked has found it: the facts that a line is drawn from. Values; any
// thread.
#pragma once

#include "model/time.hpp"

#include <map>
#include <optional>
#include <string>

namespace deployctl::promotion {

/// What stands in a place.
struct Stand {
    std::string version;  ///< empty: nothing is known of it
    std::string digest;   ///< empty: not known
    std::optional<WallTime> since;
    std::string under_way = {};  ///< "v3 of rollout 7": what may replace it
    std::string trouble = {};    ///< why nobody can tell
};

struct Facts {
    std::map<std::string, Stand> stands;  ///< by the name of the place
    WallTime now;

    const Stand& at(const std::string& place) const;
};

/// A version, and the digest that it has to be; empty where that is not asked for.
struct Wanted {
    std::string version;
    std::string digest;
};

/// By digest where one is wanted, else by tag.
bool is_there(const Stand& stand, const Wanted& wanted);
/// "v2 (9ab1c2d3e4f5)", "nothing that is known".
std::string told(const Stand& stand);
std::string told(const Wanted& wanted);

}  // namespace deployctl::promotion
