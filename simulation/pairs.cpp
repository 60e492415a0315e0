// SPDX-License-Identifier: Apache-2.0
#include "simulation/pairs.hpp"

#include "simulation/trial.hpp"

namespace deployctl::simulation {

namespace {

using simcluster::Fault;

Mishap death_at(int write, Fault how) {
    Mishap mishap;
    mishap.kind = Mishap::Kind::fault;
    mishap.at = write;
    mishap.fault = how;
    return mishap;
}

}  // namespace

std::string to_text(const CrashPair& pair) {
    const auto how = pair.how == Fault::crash_before ? "before" : "after";
    auto text = std::string("a death ") + how + " write " + std::to_string(pair.first);
    if (pair.second > 0) {
        text += std::string(", and one ") + how + " write " + std::to_string(pair.second) +
                " of who follows";
    }
    return text;
}

Scenario with_crashes(Scenario scenario, const CrashPair& pair) {
    scenario.mishaps = {death_at(pair.first, pair.how)};
    if (pair.second > 0) {
        scenario.mishaps.push_back(death_at(pair.first + pair.second, pair.how));
    }
    return scenario;
}

/// Found by halving: a death at a write that is never made is none.
int writes_of(const Scenario& scenario) {
    int made = 0;
    int not_made = 1 << 12;
    while (not_made - made > 1) {
        const int middle = made + (not_made - made) / 2;
        const CrashPair single{middle, 0, Fault::crash_before};
        const bool dies = play(with_crashes(scenario, single)).deaths > 0;
        (dies ? made : not_made) = middle;
    }
    return made;
}

PairsSeen play_pairs(const Scenario& scenario, const std::function<bool(const CrashPair&)>& picks) {
    PairsSeen seen;
    const auto undisturbed = play(scenario);
    const int writes = writes_of(scenario);
    for (const auto how : {Fault::crash_before, Fault::crash_after}) {
        for (int first = 1; first <= writes; ++first) {
            // Who follows claims every object first, so it may write more than was left to do.
            for (int second = 0; second <= 2 * writes; ++second) {
                const CrashPair pair{first, second, how};
                if (!picks(pair)) {
                    continue;
                }
                const auto result = play(with_crashes(scenario, pair));
                ++seen.plays;
                seen.deaths += result.deaths;
                if (const auto wrong = ends_otherwise(undisturbed, result)) {
                    seen.failure = to_text(pair) + ": " + *wrong;
                    return seen;
                }
                if (second > 0 && result.deaths < 2) {
                    break;  // nor is any later one reached
                }
            }
        }
    }
    return seen;
}

}  // namespace deployctl::simulation
