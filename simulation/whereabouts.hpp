// SPDX-License-Identifier: Apache-2.0
// Which rollout a play is about, and on which machine its journal is: as the Lease says, and, where
// somebody has deleted that, as the journals do. Reads only; one thread.
#pragma once

#include "simulation/theatre.hpp"

#include <optional>
#include <string>

namespace deployctl::simulation {

/// Empty where there is no Lease, or it names nobody.
RolloutId named_by_lease(Theatre& theatre);
/// The one that the Lease names, as it says itself and, for the rest, as whoever came last has it.
/// Where it names none, one that has acted and goes on comes before whatever was only tried since.
std::optional<RolloutRecord> newest_by_cluster(Theatre& theatre);
/// Of a rollout that has acted and goes on, which only its journal knows: the Lease names none. Of
/// several the one that `refusal` names comes first.
std::optional<int> machine_of_unfinished(Theatre& theatre, const std::string& refusal);
std::optional<int> machine_that_has(Theatre& theatre, const RolloutId& rollout);

}  // namespace deployctl::simulation
