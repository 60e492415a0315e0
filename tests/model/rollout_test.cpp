// SPDX-License-Identifier: Apache-2.0
#include "model/rollout.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <set>

using namespace deployctl;

namespace {

constexpr std::array events{
    RolloutEvent::start,
    RolloutEvent::pause,
    RolloutEvent::resume,
    RolloutEvent::retry,
    RolloutEvent::turn_back,
    RolloutEvent::finish,
    RolloutEvent::cancel,
    RolloutEvent::give_up,
    RolloutEvent::supersede,
    RolloutEvent::close,
};

/// The whole table as a person reads it: one line a state, what each event makes of it.
std::string table_text() {
    std::string text;
    for (const auto state : all_rollout_states()) {
        text += std::string(to_text(state)) + ":";
        for (const auto event : events) {
            if (const auto next = transition(state, event)) {
                text += std::string(" ") + to_text(event) + ">" + to_text(*next);
            }
        }
        text += "\n";
    }
    return text;
}

std::set<RolloutState> reachable_from(RolloutState begin) {
    std::set<RolloutState> seen{begin};
    std::vector<RolloutState> open{begin};
    while (!open.empty()) {
        const auto state = open.back();
        open.pop_back();
        for (const auto event : events) {
            const auto next = transition(state, event);
            if (next && seen.insert(*next).second) {
                open.push_back(*next);
            }
        }
    }
    return seen;
}

}  // namespace

TEST_CASE("every event in every state leads where the table says, or nowhere", "[model]") {
    CHECK(
        table_text() ==
        "pending: start>running turn_back>rolling_back cancel>aborted supersede>superseded "
        "close>aborted\n"
        "running: pause>paused turn_back>rolling_back finish>promoted cancel>aborted "
        "give_up>needs_human supersede>superseded\n"
        "paused: resume>running turn_back>rolling_back cancel>aborted give_up>needs_human "
        "supersede>superseded close>aborted\n"
        "rolling_back: pause>paused retry>running turn_back>rolling_back finish>rolled_back "
        "cancel>aborted give_up>needs_human supersede>superseded\n"
        "needs_human: resume>running turn_back>rolling_back cancel>aborted supersede>superseded "
        "close>aborted\n"
        "promoted:\n"
        "rolled_back:\n"
        "aborted:\n"
        "superseded:\n"
    );
}

TEST_CASE(
    "a state that is an end has no way out, and every other one can be turned back", "[model]"
) {
    for (const auto state : all_rollout_states()) {
        CAPTURE(to_text(state));
        const bool has_way_out = std::ranges::any_of(events, [&](RolloutEvent event) {
            return transition(state, event).has_value();
        });
        CHECK(has_way_out == !is_terminal(state));
        CHECK(transition(state, RolloutEvent::turn_back).has_value() == !is_terminal(state));
    }
}

TEST_CASE("an end can be reached from everywhere, and everything from the begin", "[model]") {
    CHECK(reachable_from(RolloutState::pending).size() == all_rollout_states().size());
    for (const auto state : all_rollout_states()) {
        const auto reached = reachable_from(state);
        CHECK(std::ranges::any_of(reached, [](RolloutState one) { return is_terminal(one); }));
    }
}

TEST_CASE("going back never ends as promoted without a person", "[model]") {
    CHECK_FALSE(transition(RolloutState::rolling_back, RolloutEvent::resume));
    CHECK(
        transition(RolloutState::rolling_back, RolloutEvent::finish) == RolloutState::rolled_back
    );
}

TEST_CASE("the names of states are read back", "[model]") {
    for (const auto state : all_rollout_states()) {
        CHECK(read_rollout_state(to_text(state)) == state);
    }
    CHECK_FALSE(read_rollout_state("done"));
    CHECK_FALSE(read_rollout_state(""));
}
