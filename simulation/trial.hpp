// SPDX-License-Identifier: Apache-2.0
// Plays a scenario, and, now and then, plays it again to compare: the same seed tells the same to
// the byte (I30), mishaps change nothing of where it ends (I28), and who has lost the journal goes
// back to the same place (I37). A scenario that fails is made
// small: mishaps are left out one by one as long as the same rule breaks.
#pragma once

#include "simulation/play.hpp"

#include <functional>
#include <string>

namespace deployctl::simulation {

enum class Comparison { when_due, always };

PlayResult try_scenario(const Scenario& scenario, Comparison comparison = Comparison::when_due);
/// Mishaps that `still_fails` can do without are left out.
Scenario shrink(Scenario failing, const std::function<bool(const Scenario&)>& still_fails);
/// For people: the seed, what broke with figures, and the small schedule.
std::string report_of(const Scenario& failing, const PlayResult& result);

/// Whether two plays of one scenario tell the same: I30.
Finding differs(const PlayResult& one, const PlayResult& other);
/// Whether a play that was promoted ends as the undisturbed one: I28.
Finding ends_unlike(const PlayResult& undisturbed, const PlayResult& disturbed);
/// Whether a play that goes home at last does so as well where all journals are lost: I37.
Finding loses_its_way(const Scenario& scenario);
/// Whether the second of two such plays ends as the first.
Finding ends_unlike_with_journal(const PlayResult& with_journal, const PlayResult& without);
/// Whether a play that is sent back is neither there, by the rules of what that is, nor at the end
/// that the undisturbed one came to before.
Finding ends_away_from_home(const PlayResult& undisturbed, const PlayResult& sent_back);
/// The same of a play that may not end in another state either, nor break a rule.
Finding ends_otherwise(const PlayResult& undisturbed, const PlayResult& disturbed);

}  // namespace deployctl::simulation
