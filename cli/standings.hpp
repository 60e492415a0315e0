// SPDX-License-Identifier: Apache-2.0
// What stands where, for whoever draws a line of rollouts: by the journal, and where that does not
// know it, by what runs in the cluster. Changes nothing. Throws Error{tool_missing} where a cluster
// that has to be asked does not answer.
#pragma once

#include "cli/session.hpp"
#include "promotion/order.hpp"
#include "promotion/stands.hpp"

#include <vector>

namespace deployctl::cli {

promotion::Stand find_stand(
    Session& session, const Configuration& configuration, const promotion::Place& place
);
/// Why what runs in the cluster is not this version, whole and ready; empty where it is.
std::string find_illness(
    Session& session,
    const Configuration& configuration,
    const promotion::Place& place,
    const promotion::Wanted& wanted
);
promotion::Facts find_facts(
    Session& session,
    const Configuration& configuration,
    const std::vector<promotion::Place>& places
);
/// Those whose facts decide on a promotion.
std::vector<promotion::Place> places_that_matter(
    const Configuration& configuration, const promotion::Request& request
);

/// Whether it was about that context and namespace, as far as the place names them.
bool was_in(const RolloutRecord& rollout, const promotion::Place& place);
/// Of an app in a place, the last one that ended first.
std::vector<RolloutRecord> rollouts_in(
    Session& session, const std::string& app, const promotion::Place& place
);

/// What the registry has of an image by this tag and digest.
struct Registered {
    std::string digest;  ///< empty: it does not have it, or was not asked
    std::string trouble;
};

/// The tag's digest; or, where `digest` is not empty, whether it has that one.
Registered ask_registry(
    Session& session, const AppSettings& app, const std::string& tag, const std::string& digest
);

}  // namespace deployctl::cli
