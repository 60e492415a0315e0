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

std::vector<CrashCourse> crash_courses() {
    std::vector<CrashCourse> courses;
    const auto add = [&](StrategyKind strategy, Questions questions, LastWill last_will) {
        auto scenario = plain_scenario();
        scenario.app.strategy = strategy;
        scenario.app.questions = questions;
        scenario.last_will = last_will;
        auto name = std::string(deployctl::to_text(strategy));
        name += questions == Questions::waited_for     ? ", waiting for people"
                : questions == Questions::come_back_to ? ", left where it waits for people"
                                                       : "";
        name += last_will == LastWill::back_once_died ? ", sent back" : "";
        courses.push_back({std::move(name), std::move(scenario)});
    };
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        add(strategy, Questions::none, LastWill::on);
        for (const auto questions : {Questions::waited_for, Questions::come_back_to}) {
            add(strategy, questions, LastWill::on);
            add(strategy, questions, LastWill::back_once_died);
        }
    }
    courses.push_back({"canary, with a fresh baseline", plain_scenario()});
    courses.back().scenario.app.baseline = CanaryBaseline::fresh;
    return courses;
}

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
                const auto wrong = scenario.last_will == LastWill::back_once_died
                                       ? ends_away_from_home(undisturbed, result)
                                       : ends_otherwise(undisturbed, result);
                if (wrong) {
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
