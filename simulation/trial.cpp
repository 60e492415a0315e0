// SPDX-License-Identifier: Apache-2.0
#include "simulation/trial.hpp"

#include <algorithm>

namespace deployctl::simulation {

namespace {

// What costs a second play is asked of every so many seeds.
constexpr std::uint64_t equivalence_of_each = 8;
constexpr std::uint64_t repetition_of_each = 32;
constexpr std::uint64_t loss_of_each = 16;
constexpr int most_rounds_of_shrinking = 3;

void add(PlayResult& result, const char* rule, const Finding& finding) {
    if (finding) {
        result.violations.push_back({rule, result.took, *finding});
    }
}

bool breaks(const PlayResult& result, const std::string& rule) {
    return std::ranges::any_of(result.violations, [&](const Violation& one) {
        return one.rule == rule;
    });
}

}  // namespace

Finding differs(const PlayResult& one, const PlayResult& other) {
    if (one.log == other.log) {
        return std::nullopt;
    }
    const auto place = std::ranges::mismatch(one.log, other.log).in1 - one.log.begin();
    const auto line = std::count(one.log.begin(), one.log.begin() + place, '\n') + 1;
    return "the same seed tells otherwise from line " + std::to_string(line) + " on";
}

Finding ends_unlike(const PlayResult& undisturbed, const PlayResult& disturbed) {
    const bool is_comparable = undisturbed.end == disturbed.end;
    if (!is_comparable || undisturbed.normal == disturbed.normal) {
        return std::nullopt;
    }
    return "undisturbed it ends with\n" + undisturbed.normal + "and here with\n" + disturbed.normal;
}

Finding ends_unlike_with_journal(const PlayResult& with_journal, const PlayResult& without) {
    if (with_journal.end == deployctl::to_text(RolloutState::promoted)) {
        return std::nullopt;  // the journal knows of the end, which the Lease was not told of yet
    }
    if (!without.violations.empty() && with_journal.violations.empty()) {
        return "without the journal, going back breaks " + to_text(without.violations.front());
    }
    if (with_journal.normal == without.normal) {
        return std::nullopt;
    }
    return "with the journal it goes back to\n" + with_journal.normal + "and without it to\n" +
           without.normal;
}

Finding ends_otherwise(const PlayResult& undisturbed, const PlayResult& disturbed) {
    if (!disturbed.violations.empty()) {
        return to_text(disturbed.violations.front());
    }
    if (disturbed.end != undisturbed.end) {
        return "it ends " + disturbed.end + " instead of " + undisturbed.end;
    }
    return ends_unlike(undisturbed, disturbed);
}

Finding ends_away_from_home(const PlayResult& undisturbed, const PlayResult& sent_back) {
    const bool is_home = sent_back.end == deployctl::to_text(RolloutState::rolled_back) ||
                         sent_back.end == deployctl::to_text(RolloutState::aborted);
    return is_home && sent_back.violations.empty() ? std::nullopt
                                                   : ends_otherwise(undisturbed, sent_back);
}

Finding loses_its_way(const Scenario& scenario) {
    auto home = scenario;
    home.last_will = LastWill::back;
    const auto with_journal = play(home);
    home.last_will = LastWill::back_without_journal;
    return ends_unlike_with_journal(with_journal, play(home));
}

PlayResult try_scenario(const Scenario& scenario, Comparison comparison) {
    const bool always = comparison == Comparison::always;
    const bool repeats = always || scenario.seed % repetition_of_each == 0;
    const bool compares = always || scenario.seed % equivalence_of_each == 0;
    const auto event_log = repeats ? EventLog::kept : EventLog::left_out;
    auto result = play(scenario, event_log);
    if (repeats) {
        add(result, "I30", differs(result, play(scenario, event_log)));
    }
    const bool is_edited = std::ranges::any_of(scenario.mishaps, [](const Mishap& mishap) {
        return mishap.kind == Mishap::Kind::edit;  // which may stay
    });
    if (compares && !is_edited && !scenario.mishaps.empty()) {
        auto calm = scenario;
        calm.mishaps.clear();
        add(result, "I28", ends_unlike(play(calm), result));
    }
    const bool shows_all = !is_edited && scenario.journals == JournalPlaces::shared;
    if (shows_all && (always || scenario.seed % loss_of_each == 1)) {
        add(result, "I37", loses_its_way(scenario));
    }
    return result;
}

Scenario shrink(Scenario failing, const std::function<bool(const Scenario&)>& still_fails) {
    for (int round = 0; round < most_rounds_of_shrinking; ++round) {
        const auto before = failing.mishaps.size();
        for (std::size_t index = before; index-- > 0;) {
            auto without = failing;
            without.mishaps.erase(without.mishaps.begin() + static_cast<std::ptrdiff_t>(index));
            if (still_fails(without)) {
                failing = std::move(without);
            }
        }
        if (failing.mishaps.size() == before) {
            break;
        }
    }
    return failing;
}

std::string report_of(const Scenario& failing, const PlayResult& result) {
    auto text = "seed " + std::to_string(failing.seed) + to_text(failing.extras) + " ended " +
                result.end + " and broke\n";
    for (const auto& violation : result.violations) {
        text += "  " + to_text(violation) + "\n";
    }
    const auto& rule = result.violations.front().rule;
    const auto small = shrink(failing, [&](const Scenario& smaller) {
        return breaks(try_scenario(smaller, Comparison::always), rule);
    });
    const auto again = try_scenario(small, Comparison::always);
    text += "the smallest schedule that still does (" + std::to_string(small.mishaps.size()) +
            " of " + std::to_string(failing.mishaps.size()) + " mishaps):\n" + to_text(small);
    for (const auto& violation : again.violations) {
        text += "  " + to_text(violation) + "\n";
    }
    return text;
}

}  // namespace deployctl::simulation
