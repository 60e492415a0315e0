// SPDX-License-Identifier: Apache-2.0
// Environments of several clusters, as they are named: "production" is all of them,
// "production/eu-1", or production and the context of eu-1, is that one. Pure. Throws Error{usage}
// where one alone is meant and none is named.
#pragma once

#include "cli/globals.hpp"
#include "model/settings.hpp"

#include <string>

namespace deployctl::cli {

/// "production" and "eu-1" of "production/eu-1", where the configuration has it.
struct NamedPlace {
    std::string environment;
    std::string cluster;  ///< empty: none is named
};

NamedPlace split_place(const Configuration& configuration, const std::string& name);
/// Whether an environment of several clusters is meant, all of them.
bool is_spread(const Configuration& configuration, const Place& place);
/// Takes over what is its one cluster's: the one named, that of the context, or the only one.
void narrow(Environment& environment, const std::string& cluster, const std::string& context);

}  // namespace deployctl::cli
